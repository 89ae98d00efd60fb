package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.runner.Interpreters;
import io.jenkins.plugins.distributedtest.runner.RubySuite;
import io.jenkins.plugins.distributedtest.runner.UnittestPackages;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The commands by which a project's own people run its tests, by framework and build tool, each made to report in a form
 * that a program can read: by the framework's own reports, or by a reporter of ours in the way that the framework has for
 * reporters. Nothing is read off their consoles.
 */
final class OwnCommands {
    /** What pytest is told to call its suite. */
    static final String PYTEST_SUITE = "pytest";

    private final Path tree;
    private final RunnerSettings settings;
    private final Map<String, String> environment;
    private final Path tools;
    private final Path reports;
    private int count;

    /**
     * @param tree the tree
     * @param settings how files are run here
     * @param environment variables of the run
     * @param tools where our reporters lie
     * @param reports where reports are to be written; a directory of its own
     */
    OwnCommands(Path tree, RunnerSettings settings, Map<String, String> environment, Path tools, Path reports) {
        this.tree = tree;
        this.settings = settings;
        this.environment = environment;
        this.tools = tools;
        this.reports = reports;
    }

    /**
     * The commands for some files of one runner in one project.
     *
     * @param runner the runner
     * @param project the project
     * @param files the files
     * @param only whether exactly these are to run; otherwise the command finds its files by itself
     * @throws CompareException if the project's own command is not known
     * @throws IOException if the tree cannot be read
     */
    List<OwnCommand> of(String runner, SubProject project, Collection<TestFile> files, boolean only)
            throws CompareException, IOException {
        Part part = new Part(
                project,
                settings.under(project.settings()),
                files.stream().map(file -> project.below(file).path()).sorted().toList(),
                only);
        return switch (runner) {
            case "rspec" -> List.of(rspec(part));
            case "minitest", "test-unit" -> List.of(ruby(part, runner));
            case "pytest" -> List.of(pytest(part));
            case "unittest" -> unittest(part);
            case "django" -> List.of(django(part));
            case "node", "jest", "mocha", "vitest", "ava", "playwright" -> List.of(javaScript(part, runner));
            case "go" -> List.of(go(part));
            case "junit" -> List.of(build(part));
            default ->
                throw new CompareException("The own command of files of the runner " + runner
                        + " is not known: give it with --command, and its JUnit reports with --reports.");
        };
    }

    /** A part of the suite: a project, its settings, and its files by their paths in it. */
    private record Part(SubProject project, RunnerSettings settings, List<String> files, boolean only) {
        List<String> args(String runner) {
            return settings.args().getOrDefault(runner, List.of());
        }
    }

    private Path directory(Part part) {
        return tree.resolve(part.project().directory());
    }

    private List<String> interpreter(Part part, String language) {
        return new ArrayList<>(Interpreters.of(part.settings(), directory(part), tree, environment, language));
    }

    private Path newReport(String ending) {
        return reports.resolve("own-" + ++count + ending);
    }

    private OwnCommand command(Part part, String runner, List<String> command, OwnCommand.Report report) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(part.project().environment());
        if (report.form() == OwnCommand.Form.LINES) {
            variables.put("DISTRIBUTED_TEST_REPORT", report.file().toString());
        }
        return new OwnCommand(runner, part.project().directory(), command, directory(part), variables, report);
    }

    private OwnCommand rspec(Part part) {
        Path report = newReport(".json");
        List<String> command = interpreter(part, "ruby");
        command.addAll(List.of("-S", "rspec", "--format", "json", "--out", report.toString()));
        command.addAll(part.args("rspec"));
        if (part.only() || !Files.isDirectory(directory(part).resolve("spec"))) {
            command.addAll(part.files());
        }
        return command(part, "rspec", command, OwnCommand.Report.in(OwnCommand.Form.RSPEC, report));
    }

    /** Rake's task of tests where there is one, with our reporters in the Ruby that it starts. */
    private OwnCommand rake(Part part, String runner) {
        List<String> command = new ArrayList<>(new RubySuite(directory(part), settings, environment).interpreter());
        command.addAll(List.of("-r", tools.resolve("rake_reports.rb").toString(), "-S", "rake", "test"));
        return command(part, runner, command, OwnCommand.Report.in(OwnCommand.Form.LINES, newReport(".jsonl")));
    }

    /** Rails' own command, with our reporters in its process; not in that of a server which has it loaded already. */
    private OwnCommand rails(Part part, String runner) {
        List<String> command = new ArrayList<>(new RubySuite(directory(part), settings, environment).interpreter());
        command.addAll(List.of("-r", tools.resolve("rails_reports.rb").toString(), "bin/rails", "test"));
        command.addAll(part.args(runner));
        if (part.only()) {
            command.addAll(part.files());
        }
        return command(part, runner, command, OwnCommand.Report.in(OwnCommand.Form.LINES, newReport(".jsonl")))
                .with(Map.of("DISABLE_SPRING", "1"));
    }

    /** As rake's test task does it: one process that loads all files, with lib and test on the load path. */
    private OwnCommand ruby(Part part, String runner) throws IOException {
        if (RubySuite.isOfRails(directory(part)) && runner.equals("minitest")) {
            return rails(part, runner);
        }
        if (!part.only() && RubySuite.isOfRake(directory(part))) {
            return rake(part, runner);
        }
        List<String> command = interpreter(part, "ruby");
        command.addAll(List.of("-I", "lib", "-I", "test", "-I", tools.toString()));
        command.addAll(List.of("-r", tools.resolve("report_lines.rb").toString()));
        command.add(tools.resolve("load_tests.rb").toString());
        command.addAll(part.args(runner));
        command.add("--");
        Set<String> files = new TreeSet<>(part.files());
        if (!part.only()) {
            files.addAll(new OwnFiles(tree, settings, part.project())
                    .matching(runner, List.of("test/**/*_test.rb", "test/**/test_*.rb")));
        }
        command.addAll(files);
        return command(part, runner, command, OwnCommand.Report.in(OwnCommand.Form.LINES, newReport(".jsonl")));
    }

    private OwnCommand pytest(Part part) {
        Path report = newReport(".xml");
        List<String> command = interpreter(part, "python");
        command.addAll(List.of("-m", "pytest"));
        command.addAll(part.args("pytest"));
        command.addAll(
                List.of("--junitxml=" + report, "-o", "junit_suite_name=" + PYTEST_SUITE, "-o", "junit_logging=no"));
        if (part.only()) {
            command.addAll(part.files());
        }
        return command(part, "pytest", command, OwnCommand.Report.in(OwnCommand.Form.JUNIT, report));
    }

    /** Django's own, with our result in its test runner. */
    private OwnCommand django(Part part) throws IOException {
        Path report = newReport(".jsonl");
        Path only = newReport(".json");
        Files.writeString(only, (part.only() ? Json.PLAIN.valueToTree(part.files()) : "null").toString());
        List<String> command = interpreter(part, "python");
        command.add(tools.resolve("django_reporter.py").toString());
        command.add(report.toString());
        command.add(only.toString());
        command.addAll(part.args("django"));
        return command(part, "django", command, OwnCommand.Report.in(OwnCommand.Form.LINES, report));
    }

    /**
     * Discovery from each directory that modules are named from, by each pattern that the files' names ask for. What fits
     * unittest's own pattern is left to that.
     */
    private List<OwnCommand> unittest(Part part) {
        Set<List<String>> discoveries = new LinkedHashSet<>();
        for (String file : part.files()) {
            String base = base(part, file);
            String name = file.substring(file.lastIndexOf('/') + 1);
            String pattern = name.matches("test.*\\.py|__init__\\.py")
                    ? "test*.py"
                    : name.endsWith("_test.py") ? "*_test.py" : name;
            String start = file.contains("/") ? file.substring(0, file.lastIndexOf('/')) : ".";
            discoveries.add(
                    part.only()
                            ? List.of("discover", "-s", start, "-t", base, "-p", name)
                            : List.of("discover", "-s", base, "-t", base, "-p", pattern));
        }
        List<OwnCommand> commands = new ArrayList<>();
        for (List<String> discovery : discoveries) {
            Path report = newReport(".jsonl");
            List<String> command = interpreter(part, "python");
            command.add(tools.resolve("unittest_reporter.py").toString());
            command.add(report.toString());
            command.add(discovery.contains("*_test.py") ? "test*.py" : "");
            command.addAll(discovery);
            command.addAll(part.args("unittest"));
            commands.add(command(part, "unittest", command, OwnCommand.Report.in(OwnCommand.Form.LINES, report)));
        }
        return commands;
    }

    /** Where the modules of a file's directory are named from, relative to the part's directory. */
    private String base(Part part, String file) {
        Path top = directory(part);
        String base = top.relativize(
                        UnittestPackages.base(top, top.resolve(file).getParent()))
                .toString()
                .replace('\\', '/');
        return base.isEmpty() ? "." : base;
    }

    private OwnCommand javaScript(Part part, String tool) throws CompareException, IOException {
        JavaScriptCommand.Request request = new JavaScriptCommand.Request(
                directory(part), interpreter(part, "node"), part.args(tool), part.only() ? part.files() : null, tools);
        String nodeOptions =
                environment.getOrDefault("NODE_OPTIONS", Objects.requireNonNullElse(System.getenv("NODE_OPTIONS"), ""));
        OwnCommand.Report report = OwnCommand.Report.in(OwnCommand.Form.LINES, newReport(".jsonl"));
        JavaScriptCommand own = switch (tool) {
            case "node" -> JavaScriptCommand.node(request, report.file());
            case "jest" -> JavaScriptCommand.jest(request);
            case "mocha" -> JavaScriptCommand.mocha(request, nodeOptions);
            case "ava" -> JavaScriptCommand.ava(request);
            case "playwright" -> JavaScriptCommand.playwright(request);
            default -> JavaScriptCommand.vitest(request);
        };
        return command(part, tool, own.command(), report).with(own.environment());
    }

    /** {@code go test ./...}; what an earlier run has found out is told on no side. */
    private OwnCommand go(Part part) {
        List<String> command = interpreter(part, "go");
        command.addAll(List.of("test", "-json"));
        List<String> args = part.args("go");
        String flags = environment.getOrDefault("GOFLAGS", Objects.requireNonNullElse(System.getenv("GOFLAGS"), ""));
        if (args.stream().noneMatch(each -> each.matches("--?count(=.*)?")) && !flags.contains("-count=")) {
            command.add("-count=1");
        }
        int end = args.contains("-args") ? args.indexOf("-args") : args.size();
        command.addAll(args.subList(0, end));
        if (part.only()) {
            part.files().stream()
                    .map(each -> "./" + each.substring(0, Math.max(0, each.lastIndexOf('/'))))
                    .distinct()
                    .forEach(command::add);
        } else {
            command.add("./...");
        }
        command.addAll(args.subList(end, args.size()));
        return command(part, "go", command, OwnCommand.Report.printed(OwnCommand.Form.GO));
    }

    private OwnCommand build(Part part) throws CompareException {
        return new BuildTool(tree, part.project(), settings.interpreters())
                .command(environment, part.files(), part.only());
    }
}
