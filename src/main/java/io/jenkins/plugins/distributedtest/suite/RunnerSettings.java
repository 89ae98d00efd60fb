package io.jenkins.plugins.distributedtest.suite;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * How the files of a run are to be run: which runner takes which file, and each runner's settings. Travels in the job
 * definition, so it holds no secrets.
 *
 * @param rules which runner takes which file; the first rule that matches decides, the built-in defaults come after
 * @param interpreters the command that starts a language's interpreter, by language ({@code ruby}, {@code python},
 *     {@code node}, {@code java}), such as {@code [bundle, exec, ruby]}; a language that is missing starts by its name
 * @param args extra arguments for a framework, by runner name
 * @param preload files that are loaded once before workers are made, by runner name
 * @param classPath entries of the class path for {@code junit}, relative to the workspace or absolute, globs allowed
 * @param classPathCommand a command that prints the class path for {@code junit}; empty if there is none
 * @param command the template of the {@code command} runner: each argument may hold {@code {file}} and
 *     {@code {junit}}; empty if there is none
 * @param isolation what files of a runner have to themselves, by runner name, as {@link Isolation#label} has it; a runner
 *     that is missing does what its framework's own command does
 * @param used names of the runners that the suite's files need; null if that is not known. It decides who calls the
 *     callbacks of a Ruby class file: a Ruby runner, if one is used, or else the listener
 */
public record RunnerSettings(
        List<Rule> rules,
        Map<String, List<String>> interpreters,
        Map<String, List<String>> args,
        Map<String, List<String>> preload,
        List<String> classPath,
        List<String> classPathCommand,
        List<String> command,
        Map<String, String> isolation,
        List<String> used) {

    /** Nothing set: the defaults decide. */
    public static final RunnerSettings DEFAULT = new RunnerSettings(null, null, null, null, null, null, null);

    /**
     * Files that match a glob are run by a runner.
     *
     * @param glob matched against the file's path
     * @param runner the runner's name
     */
    public record Rule(String glob, String runner) {}

    /** Copies the collections and replaces null by empty. */
    public RunnerSettings {
        rules = rules == null ? List.of() : List.copyOf(rules);
        interpreters = interpreters == null ? Map.of() : Map.copyOf(interpreters);
        args = args == null ? Map.of() : Map.copyOf(args);
        preload = preload == null ? Map.of() : Map.copyOf(preload);
        classPath = classPath == null ? List.of() : List.copyOf(classPath);
        classPathCommand = classPathCommand == null ? List.of() : List.copyOf(classPathCommand);
        command = command == null ? List.of() : List.copyOf(command);
        isolation = isolation == null ? Map.of() : Map.copyOf(isolation);
        used = used == null ? null : List.copyOf(used);
    }

    /** Settings for a suite of which it is not known what it needs. */
    public RunnerSettings(
            List<Rule> rules,
            Map<String, List<String>> interpreters,
            Map<String, List<String>> args,
            Map<String, List<String>> preload,
            List<String> classPath,
            List<String> classPathCommand,
            List<String> command) {
        this(rules, interpreters, args, preload, classPath, classPathCommand, command, null, null);
    }

    /** The same settings for a suite that needs certain runners. */
    public RunnerSettings using(Collection<String> names) {
        return new RunnerSettings(
                rules,
                interpreters,
                args,
                preload,
                classPath,
                classPathCommand,
                command,
                isolation,
                List.copyOf(names));
    }

    /** The same settings with certain isolations, by runner name. */
    public RunnerSettings isolated(Map<String, String> isolations) {
        return new RunnerSettings(
                rules, interpreters, args, preload, classPath, classPathCommand, command, isolations, used);
    }
}
