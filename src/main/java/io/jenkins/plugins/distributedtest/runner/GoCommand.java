package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The {@code go} command of a project, with the flags that are set for its tests. */
final class GoCommand {
    /** Modules may have to be fetched first. */
    private static final Duration QUESTION = Duration.ofMinutes(5);

    /** With these flags {@code go test} runs no tests, or does not tell of them. */
    private static final Pattern NO_RUN = Pattern.compile("--?(?:c|n|i|list|json)(?:=.*)?");

    private static final Pattern COUNT = Pattern.compile("--?(?:test\\.)?count(?:=.*)?");
    private static final Pattern COUNT_IN_GOFLAGS = Pattern.compile("(?:^|\\s)['\"]?--?count=");
    private static final Pattern EXEC = Pattern.compile("--?exec(?:=.*)?");
    private static final Pattern EXEC_IN_GOFLAGS = Pattern.compile("(?:^|\\s)['\"]?--?exec=");
    private static final int MAX_ENDING = 100;
    private static final Pattern PROFILE = Pattern.compile("(--?(?:test\\.)?coverprofile)(?:=(.*))?");

    private final List<String> go;
    private final List<String> args;
    private final RunnerLauncher launcher;
    private final int slot;
    private String goflags; // the slot's thread's; null while it is not known

    GoCommand(RunnerSettings settings, RunnerLauncher launcher, int slot) {
        go = launcher.interpreter(RunnerKind.GO);
        args = settings.args().getOrDefault(RunnerKind.GO.label(), List.of());
        this.launcher = launcher;
        this.slot = slot;
    }

    /** Why a file cannot be run with these flags; null if nothing is against it. */
    String refusal(TestFile file) {
        if (!file.path().endsWith(".go")) {
            return file + " is no file of Go, so it stands for no package of it: give it to another runner"
                    + " (\"runners\": {\"files\": …}).";
        }
        return args.stream()
                .takeWhile(each -> !isArgs(each))
                .filter(each -> NO_RUN.matcher(each).matches())
                .findFirst()
                .map(each ->
                        "With the flag " + each + " (\"runners\": {\"args\": {\"go\": …}}) go test runs no tests, or"
                                + " does not tell of them as this runner has to hear it. Take it out.")
                .orElse(null);
    }

    /** Whether what follows is for the tests themselves. */
    static boolean isArgs(String argument) {
        return argument.equals("-args") || argument.equals("--args");
    }

    private static String packageOf(TestFile file) {
        String directory = GoPackages.directory(file);
        return directory.isEmpty() ? "." : "./" + directory;
    }

    /**
     * The command that tests the package that a file stands for.
     *
     * @param ending where the test process's exit code is to be written
     */
    List<String> test(TestFile file, Path ending) throws RunnerException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(go);
        command.addAll(List.of("test", "-json"));
        if (!isCountSet()) {
            command.add("-count=1"); // what an earlier run has found out is no result of this one
        }
        if (tellsEnding()) {
            command.add("-exec="
                    + List.of("/bin/sh", Bundled.file("go/ending.sh"), ending).stream()
                            .map(each -> "'" + each + "'")
                            .collect(Collectors.joining(" ")));
        }
        int end = (int) args.stream().takeWhile(each -> !isArgs(each)).count();
        command.addAll(withOwnProfile(args.subList(0, end), GoPackages.directory(file)));
        command.add(packageOf(file));
        command.addAll(args.subList(end, args.size()));
        return command;
    }

    /** Unless the project starts its tests by a program of its own. */
    private boolean tellsEnding() throws IOException, InterruptedException {
        return Files.isExecutable(Path.of("/bin/sh")) && !isSet(EXEC, EXEC_IN_GOFLAGS);
    }

    /**
     * The exit code of the test process, 128 + n where a signal ended it.
     *
     * @param ending where it may have been written
     * @param otherwise the exit code of the go command, where no test process has ended
     */
    int ending(Path ending, int otherwise) throws IOException {
        boolean isThere = Files.isRegularFile(ending, LinkOption.NOFOLLOW_LINKS) && Files.size(ending) < MAX_ENDING;
        String code = isThere ? new String(Files.readAllBytes(ending), StandardCharsets.ISO_8859_1).strip() : "";
        int told = code.matches("\\d{1,3}") ? Integer.parseInt(code) : 0;
        return told == 0 ? otherwise : told;
    }

    private boolean isCountSet() throws IOException, InterruptedException {
        return isSet(COUNT, COUNT_IN_GOFLAGS);
    }

    private boolean isSet(Pattern flag, Pattern inGoflags) throws IOException, InterruptedException {
        if (goflags == null) {
            goflags = ask(List.of("env", "GOFLAGS")).stdout();
        }
        return args.stream()
                        .takeWhile(each -> !isArgs(each))
                        .anyMatch(each -> flag.matcher(each).matches())
                || inGoflags.matcher(goflags).find();
    }

    private CommandResult ask(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(go);
        command.addAll(arguments);
        return Commands.run(
                ProcessSpec.of(command)
                        .directory(launcher.environment().workspace())
                        .environment(launcher.environment().environment())
                        .marker(launcher.newMarker(RunnerKind.GO, slot)),
                QUESTION);
    }

    /** {@code go test} writes one profile for all packages, so one for each goes beside the place of that. */
    static List<String> withOwnProfile(List<String> args, String directory) {
        List<String> own = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            Matcher profile = PROFILE.matcher(args.get(i));
            if (!profile.matches()) {
                own.add(args.get(i));
                continue;
            }
            String path = profile.group(2) != null ? profile.group(2) : i + 1 < args.size() ? args.get(++i) : "";
            int dot = path.lastIndexOf('.') > path.lastIndexOf('/') + 1 ? path.lastIndexOf('.') : path.length();
            String name = directory.isEmpty()
                    ? ""
                    : "-" + directory.replace("_", "__").replace('/', '_');
            own.add(profile.group(1) + "=" + path.substring(0, dot) + name + path.substring(dot));
        }
        return own;
    }

    /** Whether no file of the package is left by build constraints: where it is named, {@code go} holds that for wrong. */
    boolean isLeftOut(TestFile file) throws IOException, InterruptedException {
        List<String> question = new ArrayList<>(
                List.of(
                        "list",
                        "-e",
                        "-find",
                        "-f",
                        "{{if and .IgnoredGoFiles (not .GoFiles) (not .CgoFiles) (not .TestGoFiles) (not .XTestGoFiles)}}none{{end}}"));
        question.addAll(GoSuite.ofBuild(args));
        question.add(packageOf(file));
        CommandResult answer = ask(question);
        return answer.ok() && answer.stdout().strip().equals("none");
    }
}
