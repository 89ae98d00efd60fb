package io.jenkins.plugins.distributedtest.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code borp}, which starts Node's own runner with options of its own, makes of them for Node. */
final class BorpOptions {
    /** How long a file may take where no option says so, in milliseconds. */
    private static final String USUAL_TIMEOUT = "30000";

    private static final Pattern TIMEOUT = Pattern.compile("(?:--timeout|-t)=?(\\d*)");

    /** Options that say nothing about which files are tests, and would do something where that is only asked. */
    private static final Set<String> NOT_OF_CHOICE =
            Set.of("--coverage", "-C", "--check-coverage", "--coverage-html", "--expose-gc", "--watch", "-w");

    private static final Pattern REPORTER = Pattern.compile("(?:--reporter|-r)(?:=.*)?");

    private BorpOptions() {}

    /** Node's options that each file's process gets. */
    static List<String> ofFiles(List<String> arguments) {
        List<String> options = new ArrayList<>();
        if (arguments.contains("--expose-gc")) {
            options.add("--expose-gc");
        }
        if (arguments.contains("--only") || arguments.contains("-o")) {
            options.add("--test-only");
        }
        if (!arguments.contains("--no-timeout")) {
            options.add("--test-timeout=" + timeout(arguments));
        }
        return options;
    }

    private static String timeout(List<String> arguments) {
        String timeout = USUAL_TIMEOUT;
        for (int i = 0; i < arguments.size(); i++) {
            Matcher option = TIMEOUT.matcher(arguments.get(i));
            if (option.matches()) {
                boolean isNext = option.group(1).isEmpty() && i + 1 < arguments.size();
                timeout = isNext ? arguments.get(i + 1) : option.group(1);
            }
        }
        return timeout;
    }

    /** The arguments that choose the files. */
    static List<String> ofChoice(List<String> arguments) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String each = arguments.get(i);
            if (REPORTER.matcher(each).matches()) {
                i += each.contains("=") ? 0 : 1;
            } else if (!NOT_OF_CHOICE.contains(each)) {
                kept.add(each);
            }
        }
        return kept;
    }
}
