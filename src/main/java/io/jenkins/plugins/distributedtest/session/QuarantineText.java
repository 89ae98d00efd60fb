package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what of a quarantine is not there. */
final class QuarantineText {
    private static final int NAMED = 10;

    private QuarantineText() {}

    /** Warns of quarantined tests of files that are not to be run; nothing to warn of where nothing is to be run. */
    static List<String> unmatched(Quarantine quarantine, Collection<TestFile> files) {
        Set<String> paths = files.stream().map(TestFile::path).collect(Collectors.toSet());
        List<Quarantine.Entry> missing = quarantine.without(paths);
        if (missing.isEmpty() || files.isEmpty()) {
            return List.of();
        }
        String named = missing.stream().limit(NAMED).map(Quarantine.Entry::text).collect(Collectors.joining(", "));
        return List.of("In quarantine, but of no file of this run: " + named
                + (missing.size() > NAMED ? " and " + (missing.size() - NAMED) + " more" : "")
                + ". Is it misspelt, or gone?");
    }
}
