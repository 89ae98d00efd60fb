package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The suite of a Ruby project as its own command has it, where nothing else says which files: that of {@code rspec}
 * without arguments, that of {@code rails test}, or that of {@code rake test}.
 *
 * <p>RSpec is asked for the files that its options name ({@code --pattern}, {@code --exclude-pattern},
 * {@code --default-path}). Of rake's task {@code test} the Rakefile is loaded and no task run: it says which files its
 * {@code Rake::TestTask}s or {@code Minitest::TestTask}s have, and how Ruby is started for them (load path, warnings,
 * {@code ruby_opts}); each worker is started so. A Rails application's test runner is asked as itself; its workers are
 * forked from a process that has loaded the tests' helper, as those are that Rails makes.
 */
public final class RubySuite {
    /** How the command is named to people. */
    public static final String RSPEC = "rspec";

    /** How the command is named to people. */
    public static final String RAKE = "rake test";

    /** How the command is named to people. */
    public static final String RAILS = "rails test";

    private static final String LANGUAGE = "ruby";
    private static final List<String> RAKEFILES = List.of("Rakefile", "rakefile", "Rakefile.rb", "rakefile.rb");
    /** Where rake's tasks are by its own rule, and by that of many projects. */
    private static final List<String> TASKS = List.of("rakelib", "tasks", "lib/tasks");

    private static final int TASKS_DEPTH = 3;

    /** Its class, or what is required for it. */
    private static final Pattern TEST_TASK = Pattern.compile("test_?task", Pattern.CASE_INSENSITIVE);

    /** What brings Rails' tests: all of it, or the one part. */
    private static final Pattern OF_RAILS =
            Pattern.compile("^\\s*require ['\"]rails/(?:all|test_unit/railtie)['\"]", Pattern.MULTILINE);

    private static final Pattern OF_RSPEC = Pattern.compile("rspec", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST = 256 << 10;

    private final Path directory;
    private final RunnerSettings settings;
    private final Map<String, String> environment;

    /**
     * @param directory the project's
     * @param settings how files are run
     * @param environment variables of the run
     */
    public RubySuite(Path directory, RunnerSettings settings, Map<String, String> environment) {
        this.directory = directory;
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * What a command has told.
     *
     * @param project the project that has all the files, as the plain command has them
     * @param answer its files and notes
     */
    public record Told(SubProject project, ToolAnswer answer) {}

    /** Whether a directory is a project of RSpec's: it has options of it, or a helper of specs that speaks of it. */
    public static boolean isOfRspec(Path directory) {
        return Files.isRegularFile(directory.resolve(".rspec"))
                || mentions(directory.resolve("spec/spec_helper.rb"), OF_RSPEC); // Minitest has specs, too
    }

    /** Whether a directory is an application of Rails' that has tests for Rails' own command. */
    public static boolean isOfRails(Path directory) {
        return Files.isRegularFile(directory.resolve("bin/rails"))
                && Files.isDirectory(directory.resolve("test"))
                && mentions(directory.resolve("config/application.rb"), OF_RAILS);
    }

    /** Whether a directory has a Rakefile with a task of tests, in itself or in the files of tasks beside it. */
    public static boolean isOfRake(Path directory) {
        List<Path> rakefiles = RAKEFILES.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .toList();
        return !rakefiles.isEmpty()
                && !isOfRails(directory) // whose tasks are Rails' own
                && Stream.concat(
                                rakefiles.stream(),
                                TASKS.stream().flatMap(each -> tasks(directory.resolve(each)).stream()))
                        .anyMatch(file -> mentions(file, TEST_TASK));
    }

    /** The commands that can be asked which tests of theirs are in a directory. */
    public static List<String> commandsOf(Path directory) {
        List<String> commands = new ArrayList<>();
        if (isOfRspec(directory)) {
            commands.add(RSPEC);
        }
        if (isOfRails(directory)) {
            commands.add(RAILS);
        }
        if (isOfRake(directory)) {
            commands.add(RAKE);
        }
        return commands;
    }

    /** Whether a file is of a framework whose files rake's tasks of tests load. */
    public static boolean isRakes(RunnerSettings settings, TestFile file) {
        return SuiteRunners.isRunBy(RunnerKind.MINITEST.label(), settings, file)
                || SuiteRunners.isRunBy(RunnerKind.TEST_UNIT.label(), settings, file);
    }

    /**
     * Asks RSpec.
     *
     * @throws SuiteException if it cannot be asked; the message tells what it said, and the way out
     * @throws IOException if its answer cannot be read
     */
    public Told askRspec() throws SuiteException, IOException {
        List<String> args = settings.args().getOrDefault(RSPEC, List.of());
        ToolQuestion question = new ToolQuestion(RSPEC, directory, environment);
        JsonNode told = question.told(interpreter(), "ruby/distributed_test_rspec_list.rb", args, "spec/**/*_spec.rb");
        RunnerSettings own = loadedBefore(RSPEC, "spec/rails_helper.rb");
        return new Told(new SubProject("", RunnerKind.RSPEC.label(), own, Map.of()), question.answer(told));
    }

    /**
     * Asks Rails.
     *
     * @throws SuiteException if it cannot be asked; the message tells what it said, and the way out
     * @throws IOException if its answer cannot be read
     */
    public Told askRails() throws SuiteException, IOException {
        ToolQuestion question = new ToolQuestion("rails", directory, environment);
        JsonNode told =
                question.told(interpreter(), "ruby/distributed_test_rails_list.rb", List.of(), "test/**/*_test.rb");
        return new Told(railsProject(), question.answer(told));
    }

    /** The project that has files of Rails' tests, as {@code rails test} has them. */
    public SubProject railsProject() {
        String runner = RunnerKind.MINITEST.label();
        return new SubProject("", runner, loadedBefore(runner, "test/test_helper.rb"), Map.of("RAILS_ENV", "test"));
    }

    /** Has a helper that loads an application, if there is one, loaded before workers are made, as Rails has it. */
    private RunnerSettings loadedBefore(String runner, String helper) {
        boolean isSet = settings.preload().containsKey(runner);
        Map<String, List<String>> preload =
                isSet || !Files.isRegularFile(directory.resolve(helper)) ? Map.of() : Map.of(runner, List.of(helper));
        return new RunnerSettings(null, Interpreters.ownBundle(settings, directory), null, preload, null, null, null);
    }

    /**
     * Asks rake.
     *
     * @throws SuiteException if it cannot be asked, or starts Ruby in more than one way; the message tells the way out
     * @throws IOException if its answer cannot be read
     */
    public Told askRake() throws SuiteException, IOException {
        ToolQuestion question = new ToolQuestion("rake", directory, environment);
        JsonNode told =
                question.told(interpreter(), "ruby/distributed_test_rake_list.rb", List.of(), "test/**/*_test.rb");
        String runner = told.path("framework").asText();
        List<String> args = ToolQuestion.texts(told.path("args"));
        args.addAll(settings.args().getOrDefault(runner, List.of()));
        List<String> ruby = new ArrayList<>(interpreter());
        ruby.addAll(ToolQuestion.texts(told.path("ruby")));
        RunnerSettings own = new RunnerSettings(
                null, Map.of(LANGUAGE, ruby), args.isEmpty() ? null : Map.of(runner, args), null, null, null, null);
        return new Told(new SubProject("", runner, own, Map.of()), question.answer(told));
    }

    /** How Ruby is started for the command itself: as is set, else in the project's bundle where it has one. */
    public List<String> interpreter() {
        RunnerSettings own = settings.under(RunnerSettings.startedBy(Interpreters.ownBundle(settings, directory)));
        return Interpreters.of(own, directory, directory, environment, LANGUAGE);
    }

    private static List<Path> tasks(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(directory, TASKS_DEPTH)) {
            return found.filter(each -> each.toString().matches(".*\\.(rake|rb)"))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // rake reads no task there either
        }
    }

    private static boolean mentions(Path file, Pattern text) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            return text.matcher(new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1))
                    .find();
        } catch (IOException e) {
            return false;
        }
    }
}
