package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.build.BuildKind;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Maven or Gradle, run where the outermost build of a project is: a module alone may not know its siblings. */
final class BuildTool {
    private static final List<String> MAVEN_REPORTS =
            List.of("**/target/surefire-reports/TEST-*.xml", "**/target/failsafe-reports/TEST-*.xml");
    private static final List<String> GRADLE_REPORTS = List.of("**/build/test-results/**/TEST-*.xml");

    private final Path tree;
    private final SubProject project;
    private final Map<String, List<String>> interpreters;

    /**
     * @param tree the tree
     * @param project a project in it
     * @param interpreters the commands that are set, by name
     */
    BuildTool(Path tree, SubProject project, Map<String, List<String>> interpreters) {
        this.tree = tree;
        this.project = project;
        this.interpreters = interpreters;
    }

    /**
     * The directory of the outermost build, relative to the tree.
     *
     * @throws CompareException if there is none
     */
    String root() throws CompareException {
        String at = "";
        for (String part : ("./" + project.directory()).split("/")) {
            at = part.equals(".") || part.isEmpty() ? at : at.isEmpty() ? part : at + "/" + part;
            if (isMaven(at) || isGradle(at)) {
                return at;
            }
        }
        throw new CompareException("There is no pom.xml and no build.gradle for the JUnit files in " + project
                + ": give the command that runs them with --command, and its JUnit reports with --reports.");
    }

    private boolean isMaven(String directory) {
        return BuildKind.MAVEN.isIn(tree.resolve(directory));
    }

    private boolean isGradle(String directory) {
        return BuildKind.GRADLE.isIn(tree.resolve(directory));
    }

    /**
     * The command.
     *
     * @param files files by their paths in the project
     * @param only whether exactly the classes of these are to run
     */
    OwnCommand command(Map<String, String> environment, List<String> files, boolean only) throws CompareException {
        String root = root();
        Path directory = tree.resolve(root);
        boolean maven = isMaven(root);
        List<String> command = new ArrayList<>(maven ? maven(directory) : gradle(directory, only ? "test" : "check"));
        List<String> classes = files.stream().map(BuildTool::simpleName).toList();
        if (only && maven) {
            String names = String.join(",", classes);
            command.addAll(List.of(
                    "-Dtest=" + names,
                    "-Dit.test=" + names,
                    "-Dsurefire.failIfNoSpecifiedTests=false",
                    "-Dfailsafe.failIfNoSpecifiedTests=false"));
        } else if (only) {
            classes.forEach(name -> command.addAll(List.of("--tests", name)));
        }
        return new OwnCommand(
                "junit",
                root,
                command,
                directory,
                environment,
                OwnCommand.Report.matching(maven ? MAVEN_REPORTS : GRADLE_REPORTS));
    }

    /** All modules are tested whatever fails before. */
    private List<String> maven(Path directory) {
        return with(BuildKind.MAVEN, directory, "-B", "-ntp", "-Dmaven.test.failure.ignore=true", "verify");
    }

    private List<String> gradle(Path directory, String task) {
        return with(BuildKind.GRADLE, directory, "--console=plain", "--continue", "--rerun-tasks", task);
    }

    private List<String> with(BuildKind kind, Path directory, String... arguments) {
        List<String> command = new ArrayList<>(kind.command(directory, interpreters));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String simpleName(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }
}
