package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.config.Keys;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;

/** What the step's form in the Snippet Generator needs. */
final class StepForm {
    /** The runners there are. */
    static final String[] RUNNERS = Keys.find("runners.args").members().toArray(String[]::new);

    /** Options whose values are lists, entered one a line. */
    private static final Set<String> LISTS = Set.of(
            "files",
            "exclude",
            "environment",
            "secretEnvironment",
            "collect",
            "syncExclude",
            "gitProtocols",
            "runners",
            "command",
            "interpreters",
            "args",
            "preload",
            "classPath",
            "classPathCommand",
            "callbacks");

    private StepForm() {}

    /**
     * Makes a form's values what the step takes: what is empty is left out, lines become lists. In the form itself and
     * not in a copy, since Jenkins knows by identity what it is binding already, and would ask to bind a copy for ever.
     */
    static void clean(JSONObject form) {
        for (Object key : form.keySet().toArray()) {
            String name = String.valueOf(key);
            Object value = form.get(name);
            if (value == null || value.toString().isBlank()) {
                form.remove(name);
            } else if (LISTS.contains(name) && value instanceof String text) {
                form.put(name, JSONArray.fromObject(lines(text)));
            }
        }
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** Whether the caller may see what is configured, as somebody who configures jobs. */
    static boolean mayConfigure(Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.MANAGE)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(Item.CONFIGURE);
    }

    /** A choice of nothing, so far. */
    static ListBoxModel choice(String nothing) {
        ListBoxModel items = new ListBoxModel();
        items.add(nothing, "");
        return items;
    }

    /** A choice of nothing and some words; of nothing for who may not configure. */
    static ListBoxModel choices(Item item, String nothing, String... words) {
        ListBoxModel items = choice(nothing);
        if (mayConfigure(item)) {
            for (String word : words) {
                items.add(word);
            }
        }
        return items;
    }

    /** Adds the value that is there, should it not be offered. */
    static ListBoxModel withCurrent(ListBoxModel items, String current) {
        String value = Util.fixEmptyAndTrim(current);
        if (value != null && items.stream().noneMatch(each -> each.value.equals(value))) {
            items.add(value);
        }
        return items;
    }

    /** Checks a value as the engine will. */
    static FormValidation check(Item item, String option, String key, String value) {
        if (!mayConfigure(item) || Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        return answer(OptionCheck.fault(option, key, value.strip()));
    }

    /** Checks a number from 0 up that the step keeps to itself. */
    static FormValidation checkCount(Item item, String option, String value) {
        String number = Util.fixEmptyAndTrim(value);
        boolean well = !mayConfigure(item) || number == null || number.matches("[0-9]{1,4}");
        return answer(well ? null : option + " is a number from 0 to 9999, not " + number);
    }

    /** Checks entries, one a line. */
    static FormValidation checkEntries(Item item, String option, String value) {
        if (!mayConfigure(item) || Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        return answer(OptionCheck.faultOfEntries(option, lines(value)));
    }

    /** Checks names of secret variables, one a line. */
    static FormValidation checkSecretNames(Item item, String value) {
        boolean none = !mayConfigure(item) || Util.fixEmptyAndTrim(value) == null;
        return answer(none ? null : StepSecrets.fault(lines(value)));
    }

    /** Checks the name of a record. */
    static FormValidation checkHistory(Item item, String value) {
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        return answer(JobRecords.fault(Util.fixEmptyAndTrim(value)));
    }

    /** What a check answers. */
    static FormValidation answer(String fault) {
        return fault == null ? FormValidation.ok() : FormValidation.error(fault);
    }
}
