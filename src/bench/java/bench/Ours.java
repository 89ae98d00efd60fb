package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker and a listener of this project, started once, and the command that runs a suite on them. */
final class Ours implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final String program;
    private final Path work;
    private final Path broker;
    private final List<Process> processes = new ArrayList<>();

    /**
     * Starts both.
     *
     * @param program the program
     * @param work an empty directory
     */
    Ours(String program, Path work, int slots) throws IOException, InterruptedException {
        this.program = program;
        this.work = work;
        this.broker = work.resolve("broker.uri");
        try {
            start(
                    "broker",
                    "--port",
                    "0",
                    "--no-tls",
                    "--data-dir",
                    work.resolve("broker").toString(),
                    "--uri-file",
                    broker.toString(),
                    "--until-stdin-closes");
            await("the broker to start", () -> Files.isRegularFile(broker) && Files.size(broker) > 0);
            start(
                    "listen",
                    "--slots",
                    String.valueOf(slots),
                    "--broker-file",
                    broker.toString(),
                    "--work-dir",
                    work.resolve("listener").toString(),
                    "--until-stdin-closes");
            await("the listener to connect", () -> printed("listen").contains(" connected: "));
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void start(String command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(program, command));
        words.addAll(List.of(arguments));
        // Its standard input stays open for as long as it is to live.
        processes.add(new ProcessBuilder(words)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve(command + ".log").toFile())
                .start());
    }

    private String printed(String command) throws IOException {
        Path log = work.resolve(command + ".log");
        return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            boolean dead = processes.stream().anyMatch(process -> !process.isAlive());
            if (dead || System.nanoTime() > deadline) {
                throw new IOException("Waited in vain for " + what + ": " + printed("broker") + printed("listen"));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /**
     * The command that runs a project's suite.
     *
     * @param more more of its options
     */
    Side side(Path project, String... more) {
        Path report = project.resolve("ours.xml");
        List<String> command = new ArrayList<>(List.of(
                program, "run", "--broker-file", broker.toString(), "--no-progress", "--junit", report.toString()));
        command.addAll(List.of(more));
        return new Side("distributed-test", command, List.of(), report, Outcomes::xml);
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            Process process = processes.get(i);
            try {
                process.getOutputStream().close();
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (IOException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
