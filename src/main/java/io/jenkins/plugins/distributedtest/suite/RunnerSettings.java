package io.jenkins.plugins.distributedtest.suite;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
 * @param command the template of the {@code command} runner: each argument may hold {@code {file}}, {@code {regex}},
 *     {@code {literal}} and {@code {junit}}; empty if there is none
 * @param isolation what files of a runner have to themselves, by runner name, as {@link Isolation#label} has it; a runner
 *     that is missing does what its framework's own command does
 * @param used names of the runners that the suite's files need; null if that is not known. It decides who calls the
 *     callbacks of a Ruby class file: a Ruby runner, if one is used, or else the listener
 * @param projects parts of the tree that are projects of their own; a file belongs to the innermost that holds it. Null
 *     while it is not known which there are: then all files belong to the workspace
 * @param trees {@value #TREE_PER_SLOT} if each slot of a listener is to have a tree of its own; null or anything else if
 *     the slots share one
 * @param required test files of the suite that others of it may load (Ruby): each brings its own tests, also where it was
 *     loaded by another; null if that is not known
 * @param homonyms test files of the suite that Python imports by one name, those of each name in a list (pytest); null if
 *     that is not known
 * @param together the test files that own commands load into one process before they run a test, in their order, those of
 *     each project in a list (Ruby); null if that is not known
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
        List<String> used,
        List<SubProject> projects,
        String trees,
        List<String> required,
        List<List<String>> homonyms,
        List<List<String>> together) {
    /** The value of {@code trees} with which each slot has a tree of its own. */
    public static final String TREE_PER_SLOT = "slot";

    /** Nothing set: the defaults decide. */
    public static final RunnerSettings DEFAULT = new RunnerSettings(null, null, null, null, null, null, null);

    private static final SubProject WORKSPACE = SubProject.in("");

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
        projects = projects == null ? null : List.copyOf(projects);
        required = required == null ? List.of() : List.copyOf(required);
        homonyms = copy(homonyms);
        together = copy(together);
        if (projects != null && projects.size() > SubProject.MAX_PROJECTS) {
            throw new IllegalArgumentException("More than " + SubProject.MAX_PROJECTS + " projects");
        }
    }

    private static List<List<String>> copy(List<List<String>> lists) {
        return lists == null ? List.of() : lists.stream().map(List::copyOf).toList();
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
        this(rules, interpreters, args, preload, classPath, classPathCommand, command, null, null, null);
    }

    /** Nothing set but the commands that start languages' interpreters. */
    public static RunnerSettings startedBy(Map<String, List<String>> interpreters) {
        return new RunnerSettings(null, interpreters, null, null, null, null, null);
    }

    /** Settings with which the slots of a listener share a tree. */
    public RunnerSettings(
            List<Rule> rules,
            Map<String, List<String>> interpreters,
            Map<String, List<String>> args,
            Map<String, List<String>> preload,
            List<String> classPath,
            List<String> classPathCommand,
            List<String> command,
            Map<String, String> isolation,
            List<String> used,
            List<SubProject> projects) {
        this(
                rules,
                interpreters,
                args,
                preload,
                classPath,
                classPathCommand,
                command,
                isolation,
                used,
                projects,
                null,
                null,
                null,
                null);
    }

    /** The same settings for a suite that needs certain runners. */
    public RunnerSettings using(Collection<String> names) {
        return with(rules, isolation, List.copyOf(names), projects, required, homonyms, together);
    }

    /** The same settings with certain isolations, by runner name. */
    public RunnerSettings isolated(Map<String, String> isolations) {
        return with(rules, isolations, used, projects, required, homonyms, together);
    }

    /** The same settings for a tree with these projects in it. */
    public RunnerSettings in(List<SubProject> others) {
        return with(rules, isolation, used, others, required, homonyms, together);
    }

    /** The same settings for a suite of which these files may be loaded by others of it. */
    public RunnerSettings requiring(Collection<String> files) {
        return with(rules, isolation, used, projects, List.copyOf(files), homonyms, together);
    }

    /** The same settings for a suite of which the files in each of these lists are imported by one name. */
    public RunnerSettings confusing(List<List<String>> files) {
        return with(rules, isolation, used, projects, required, files, together);
    }

    /** The same settings for a suite of which own commands load the files in each of these lists into one process. */
    public RunnerSettings together(List<List<String>> files) {
        return with(rules, isolation, used, projects, required, homonyms, files);
    }

    /** The same settings with these rules in place of the others. */
    public RunnerSettings ruled(List<Rule> others) {
        return with(others, isolation, used, projects, required, homonyms, together);
    }

    /** Whether each slot of a listener is to have a tree of its own. */
    public boolean treePerSlot() {
        return TREE_PER_SLOT.equals(trees);
    }

    private RunnerSettings with(
            List<Rule> ruling,
            Map<String, String> isolations,
            List<String> names,
            List<SubProject> others,
            List<String> loaded,
            List<List<String>> confused,
            List<List<String>> first) {
        return new RunnerSettings(
                ruling,
                interpreters,
                args,
                preload,
                classPath,
                classPathCommand,
                command,
                isolations,
                names,
                others,
                trees,
                loaded,
                confused,
                first);
    }

    /**
     * The innermost of the projects that holds a file; the workspace itself if none does. Of those that share a directory
     * one with globs goes before one without, and the first before the others.
     */
    public SubProject projectOf(TestFile file) {
        return known().filter(project -> project.holds(file))
                .max(Comparator.comparingInt(
                                (SubProject project) -> project.directory().length())
                        .thenComparing(project -> !project.files().isEmpty()))
                .orElse(WORKSPACE);
    }

    /** The project that is the workspace itself, with nothing of its own unless it is among the projects. */
    public SubProject workspace() {
        return known().filter(project ->
                        project.directory().isEmpty() && project.files().isEmpty())
                .findFirst()
                .orElse(WORKSPACE);
    }

    private Stream<SubProject> known() {
        return projects == null ? Stream.empty() : projects.stream();
    }

    /** Other settings laid over these: maps by their members, lists where they are not empty. */
    public RunnerSettings under(RunnerSettings other) {
        if (other.equals(DEFAULT)) {
            return this; // asked for each file of a suite, of which most are of a project that has nothing of its own
        }
        return new RunnerSettings(
                rules,
                merged(interpreters, other.interpreters),
                merged(args, other.args),
                merged(preload, other.preload),
                other.classPath.isEmpty() ? classPath : other.classPath,
                other.classPathCommand.isEmpty() ? classPathCommand : other.classPathCommand,
                other.command.isEmpty() ? command : other.command,
                merged(isolation, other.isolation),
                used,
                projects,
                trees,
                required,
                homonyms,
                together);
    }

    private static <V> Map<String, V> merged(Map<String, V> lower, Map<String, V> upper) {
        Map<String, V> both = new HashMap<>(lower);
        both.putAll(upper);
        return both;
    }
}
