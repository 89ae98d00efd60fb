package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.FormValidation;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import jenkins.model.Jenkins;

/** Checks what was typed about a Gearman server. */
final class ServedJobsCheck {
    private ServedJobsCheck() {}

    static FormValidation pattern(String value) {
        if (Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.error("Say the regular expression that the full names of the jobs match, as in team/.*");
        }
        try {
            Pattern.compile(value);
            return FormValidation.ok();
        } catch (PatternSyntaxException e) {
            return FormValidation.error("Not a regular expression: " + e.getMessage());
        }
    }

    static FormValidation folder(String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name == null) {
            return FormValidation.error("Say the full name of the folder, as in team/apps");
        }
        Item found = Jenkins.get().getItemByFullName(name);
        return found instanceof ItemGroup<?>
                ? FormValidation.ok()
                : FormValidation.warning("There is no folder '" + name + "'; no job is served until there is");
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
