package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Run;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.jenkins.job.Tested;
import io.jenkins.plugins.distributedtest.session.SourceRevision;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/**
 * What a build tests: its sources, and the parameters that it was started with. A test that fails with one browser and
 * passes with another is not flaky.
 */
final class BuildVariant {
    private BuildVariant() {}

    /**
     * What a build tests.
     *
     * @param build the build
     * @param revision its sources
     */
    static Tested tested(Run<?, ?> build, SourceRevision revision) {
        if (revision.tree().isEmpty()) {
            return new Tested(revision.commit(), "");
        }
        TreeSet<String> parameters = new TreeSet<>();
        for (ParametersAction action : build.getActions(ParametersAction.class)) {
            for (ParameterValue value : action) {
                if (!value.isSensitive()) {
                    parameters.add(value.getName() + "=" + value.getValue());
                }
            }
        }
        return new Tested(
                revision.commit(),
                parameters.isEmpty()
                        ? revision.tree()
                        : revision.tree() + " "
                                + Sha256.of(String.join("\0", parameters).getBytes(StandardCharsets.UTF_8)));
    }
}
