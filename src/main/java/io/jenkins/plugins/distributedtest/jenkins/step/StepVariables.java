package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.EnvVars;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/**
 * Which of a step's variables tests see on every listener: those that say which build it is, and those that the pipeline
 * itself sets around the step ({@code withEnv}, {@code environment}). Not those that are secret or hold something that
 * is, and none that belong to the node, such as {@code PATH} and {@code HOME}.
 */
final class StepVariables {
    /** What says which build it is. */
    private static final List<String> OF_BUILD = List.of(
            "CI",
            "BUILD_NUMBER",
            "BUILD_ID",
            "BUILD_TAG",
            "BUILD_URL",
            "BUILD_DISPLAY_NAME",
            "JOB_NAME",
            "JOB_BASE_NAME",
            "JOB_URL",
            "JENKINS_URL",
            "BRANCH_NAME",
            "BRANCH_IS_PRIMARY",
            "TAG_NAME",
            "CHANGE_ID",
            "CHANGE_URL",
            "CHANGE_BRANCH",
            "CHANGE_TARGET");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,200}");
    private static final int LONGEST = 10_000;

    private StepVariables() {}

    /**
     * The variables for every listener.
     *
     * @param environment all variables at the step
     * @param around what sets variables around the step; null for nothing
     * @param mask knows the secrets
     */
    static Map<String, String> forListeners(EnvVars environment, EnvironmentExpander around, SecretMask mask)
            throws IOException, InterruptedException {
        EnvVars set = new EnvVars();
        Set<String> secret = new HashSet<>();
        if (around != null) {
            around.expand(set);
            secret.addAll(around.getSensitiveVariables());
        }
        List<String> names = new ArrayList<>(OF_BUILD);
        names.addAll(set.keySet());
        Map<String, String> variables = new TreeMap<>();
        for (String name : names) {
            String value = environment.get(name);
            if (value != null && !secret.contains(name) && mayTravel(name, value, mask)) {
                variables.put(name, value);
            }
        }
        variables.put("WORKSPACE", SubProject.WORKSPACE);
        return variables;
    }

    private static boolean mayTravel(String name, String value, SecretMask mask) {
        boolean nodes = name.equalsIgnoreCase("PATH") || name.equals("HOME");
        return NAME.matcher(name).matches()
                && !Configuration.isVariable(name)
                && !nodes
                && value.length() <= LONGEST
                && value.indexOf('\0') < 0
                && mask.hide(value).equals(value);
    }
}
