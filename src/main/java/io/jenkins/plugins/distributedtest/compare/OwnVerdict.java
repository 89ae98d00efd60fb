package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a command of the project's own says of itself and of no test: it fails before its first one, or beside its tests.
 * In our run each file is a part of such a command, and fails with the same.
 */
final class OwnVerdict {
    /** Playwright tells of a failed globalSetup or globalTeardown by the file where that is. */
    private static final Pattern TEST_FILE = Pattern.compile(".*\\.(?:spec|test)\\.[cm]?[jt]sx?");

    private OwnVerdict() {}

    /**
     * The cases of a command, with a failed one for each file where the command failed as a whole.
     *
     * @param result what came of the command
     * @param files what of the suite it runs
     */
    static List<ComparedCase> cases(OwnResult result, List<TestFile> files) {
        Set<TestFile> suite = Set.copyOf(files);
        List<ComparedCase> cases = new ArrayList<>();
        String told = result.failure();
        for (ComparedCase each : result.cases()) {
            if (isBesideTests(each, suite)) {
                told = each.message();
            } else {
                cases.add(each);
            }
        }
        if (told != null) {
            String message = told;
            Set<TestFile> bad = cases.stream()
                    .filter(each -> each.status().isBad() && each.file() != null)
                    .map(ComparedCase::file)
                    .collect(Collectors.toSet());
            files.stream()
                    .filter(each -> !bad.contains(each))
                    .map(each -> OurCases.whole(result.command().runner(), each, message))
                    .forEach(cases::add);
        }
        return cases;
    }

    private static boolean isBesideTests(ComparedCase told, Set<TestFile> suite) {
        return told.runner().equals("playwright")
                && told.name().equals(CaseFiles.WHOLE)
                && told.file() != null
                && !suite.contains(told.file())
                && !TEST_FILE.matcher(told.file().path()).matches();
    }
}
