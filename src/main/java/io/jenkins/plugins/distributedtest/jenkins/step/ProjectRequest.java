package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.config.Configuration;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/** What is asked of the machine where the workspace is: to read the project, with what the step and Jenkins say. */
final class ProjectRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What the step says; wins over the project. */
    final StepOptions options;
    /** What the administrator says where neither step nor project do. */
    final StepOptions defaults;
    /** A configuration file to read in place of {@code distributed-test.json}; null for that one, if it is there. */
    final String configFile;
    /** Which files. */
    final StepSuite suite;
    /** The build's workspace, as its machine names it: reports go nowhere else; null if that is the step's directory. */
    final String workspace;
    /** Variables of the build that say something of the configuration. */
    final TreeMap<String, String> variables;

    ProjectRequest(
            StepOptions options,
            StepOptions defaults,
            String configFile,
            StepSuite suite,
            Map<String, String> buildVariables) {
        this.options = options;
        this.defaults = defaults;
        this.configFile = configFile;
        this.suite = suite;
        this.workspace = buildVariables.get("WORKSPACE");
        this.variables = new TreeMap<>();
        buildVariables.forEach((name, value) -> {
            if (Configuration.isVariable(name)) {
                variables.put(name, value);
            }
        });
    }
}
