package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.FormValidation;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import jenkins.model.Jenkins;

/** Checks the entries of a form about a Gearman server. */
final class ServedJobsCheck {
    private ServedJobsCheck() {}

    static FormValidation pattern(String value) {
        // Nothing is wrong before it is typed; what is saved so is refused.
        String problem = Util.fixEmptyAndTrim(value) == null ? null : patternProblem(value);
        return problem == null ? FormValidation.ok() : FormValidation.error(problem);
    }

    /** What is wrong with a regular expression, as plain text; null if nothing is. */
    static String patternProblem(String value) {
        if (Util.fixEmptyAndTrim(value) == null) {
            return "Enter the regular expression that the full names of the jobs match, as in team/.*";
        }
        try {
            Pattern.compile(value);
            return null;
        } catch (PatternSyntaxException e) {
            return "Not a regular expression: " + e.getMessage();
        }
    }

    static FormValidation folder(String value) {
        // Nothing is wrong before it is typed; what is saved so is refused. The folder may be created later.
        String problem = Util.fixEmptyAndTrim(value) == null ? null : folderProblem(value);
        return problem == null ? FormValidation.ok() : FormValidation.warning(problem);
    }

    /** What is wrong with the name of a folder, as plain text; null if nothing is. */
    static String folderProblem(String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name == null) {
            return "Enter the full name of the folder, as in team/apps";
        }
        Item found = Jenkins.get().getItemByFullName(name);
        return found instanceof ItemGroup<?>
                ? null
                : "There is no folder '" + name + "'; no job is served until there is";
    }

    static FormValidation number(String value, int least, int most, String otherwise) {
        String text = Util.fixEmptyAndTrim(value);
        if (text == null) {
            return FormValidation.ok();
        }
        try {
            int number = Integer.parseInt(text);
            return number >= least && number <= most ? FormValidation.ok() : FormValidation.error(otherwise);
        } catch (NumberFormatException e) {
            return FormValidation.error(otherwise);
        }
    }
}
