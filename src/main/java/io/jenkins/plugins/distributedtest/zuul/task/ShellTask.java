package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.process.Memory;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessExit;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs a command: {@code CMD TREE WORKING_DIRECTORY UNIQUE}, in the tree, with the request's parameters,
 * {@code TH_JOB_NAME} and {@code TH_RESULT_FILE} in its environment. A configured text is a shell's, as it is
 * turbo-hipster's; the arguments are the shell's arguments, never a part of that text. Anything but exit code 0 is a
 * failure, a signal too.
 */
final class ShellTask implements TaskKind {
    private static final int MAX_MESSAGE = 1000;

    @Override
    public CompletableFuture<Outcome> run(TaskContext context, Dataset dataset, Duration limit) {
        long from = System.nanoTime();
        String name = dataset == null ? "shell_output.log" : dataset.name() + ".log";
        return context.processes()
                .pool()
                .submit(() -> {
                    PlainFile.anew(context.directories().resultFile()).close();
                    TimedLog log = TimedLog.open(
                            context.directories().results().resolve(name),
                            context.settings().maxLog());
                    return new Begun(log, Memory.kills());
                })
                .thenCompose(begun -> run(context, dataset, limit, begun.log)
                        .thenApply(ending -> told(ending, limit, begun))
                        .whenComplete((done, problem) -> begun.log.close()))
                .thenCompose(ending -> context.processes().pool().submit(() -> outcome(context, ending, limit, from)));
    }

    /**
     * What there is before the script runs.
     *
     * @param kills what the kernel has killed by then
     */
    private record Begun(TimedLog log, Memory.Kills kills) {}

    private static CompletableFuture<ProcessExit> run(
            TaskContext context, Dataset dataset, Duration limit, TimedLog log) {
        List<String> command = command(context, dataset);
        log.line("[running " + String.join(" ", command) + "]");
        ProcessSpec spec = ProcessSpec.of(command)
                .directory(context.directories().tree())
                .cleanEnvironment()
                .environment(context.environment().variables())
                .environment(dataset == null ? Map.of() : dataset.environment())
                .environment(Map.of(
                        "TH_RESULT_FILE", context.directories().resultFile().toString()));
        ProcessContext processes =
                new ProcessContext(context.directories().scratch(), context.marker(), log, context.stopper());
        return context.processes().run(spec, processes, limit);
    }

    static List<String> command(TaskContext context, Dataset dataset) {
        TaskDefinition.Shell shell = (TaskDefinition.Shell) context.definition().work();
        List<String> command = new ArrayList<>();
        if (shell.shell()) {
            String text = shell.command().get(0).strip();
            command.addAll(List.of("/bin/sh", "-c", text + " \"$@\"", "shell_script"));
        } else {
            command.addAll(shell.command());
        }
        command.add(context.directories().tree().toString());
        command.add(context.directories().working().toString());
        command.add(context.request().unique());
        if (dataset != null) {
            command.add(dataset.directory().toString());
        }
        return command;
    }

    private static ProcessExit told(ProcessExit ending, Duration limit, Begun begun) {
        if (ending.timedOut()) {
            begun.log.line("[timeout] " + Outcome.timedOut(limit));
        }
        begun.log.line("[script exit code = " + ending.returnCode() + "]");
        if (!ending.timedOut()
                && "KILL".equals(ending.signal())
                && Memory.kills().since(begun.kills) > 0) {
            // Of two jobs nobody tells whose process it was; to try again costs less than to blame a change for this
            // host.
            throw new CompletionException(TaskFaults.noMemory(
                    "the kernel has killed processes for that while the script ran, and it ended with "
                            + ending.returnCode()));
        }
        return ending;
    }

    private static Outcome outcome(TaskContext context, ProcessExit ending, Duration limit, long from)
            throws IOException {
        double seconds = (System.nanoTime() - from) / 1e9;
        List<String> problems = new ArrayList<>();
        if (!ending.ok()) {
            String told = firstLine(context.directories().resultFile());
            if (!told.isEmpty() && !told.startsWith("SUCCESS")) {
                problems.add(told);
            }
            if (ending.timedOut()) {
                problems.add(Outcome.timedOut(limit));
            }
            problems.add("Return code from test script was non-zero (" + ending.returnCode() + ")");
        }
        return Outcome.of(problems, seconds);
    }

    /** The first line of what the job has left there, if that is a file; the job may have left anything. */
    private static String firstLine(Path file) throws IOException {
        try (InputStream in = PlainFile.read(file)) {
            if (in == null) {
                return "";
            }
            String text = new String(in.readNBytes(4 * MAX_MESSAGE), StandardCharsets.UTF_8);
            String line = text.lines()
                    .findFirst()
                    .orElse("")
                    .replaceAll("\\p{Cntrl}", " ")
                    .strip();
            return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "…" : line;
        }
    }
}
