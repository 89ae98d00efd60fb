package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that marked processes do not outlive this one, even if it is killed with SIGKILL.
 *
 * <p>It is a small process that waits on a pipe of ours. When the pipe ends without a word, nobody is left who could
 * kill the processes, so it kills every one in whose environment the mark stands, and what is in this process's cgroups
 * ({@link ProcessContainers}), and ends. Linux only, where processes
 * can be found by their environment; elsewhere, and where there is no {@code sh}, there is none.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

    /** Name of the process, for people who look at a list of processes. */
    public static final String NAME = "distributed-test-watchdog";

    private static final String GOODBYE = "done\n";
    /** A process may fork in the moment between, so it looks again until it finds none. */
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            read -r word
            [ "$word" = done ] && exit 0
            [ -n "$2" ] && echo 1 > "$2"
            rounds=0
            while [ $rounds -lt 100 ]; do
                found=
                for entry in $(grep -lzxF -e "$1" /proc/[0-9]*/environ 2>/dev/null); do
                    pid=${entry#/proc/}
                    kill -KILL "${pid%/environ}" 2>/dev/null && found=yes
                done
                [ -n "$found" ] || break
                rounds=$((rounds + 1))
                sleep 0.05
            done
            [ -n "$2" ] && rmdir "${2%/*}"/*/ "${2%/*}"
            """;

    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    /**
     * Starts one. Where that is not possible it is logged, and what is returned does nothing.
     *
     * @param variable name of the variable that marks the processes
     * @param value its value, without line feeds
     */
    public static Watchdog start(String variable, String value) {
        if (!Files.isReadable(ENVIRONMENT)) {
            return new Watchdog(null);
        }
        try {
            String killFile = ProcessContainers.killFile() == null ? "" : ProcessContainers.killFile();
            ProcessBuilder builder =
                    new ProcessBuilder(List.of("sh", "-c", SCRIPT, NAME, variable + "=" + value, killFile));
            builder.environment().remove(variable);
            builder.directory(Path.of("/").toFile());
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
            return new Watchdog(builder.start());
        } catch (IOException e) {
            LOG.warn("Processes may outlive this one if it is killed: {}", e.getMessage());
            return new Watchdog(null);
        }
    }

    /** Sends it away: whoever is marked may live on. */
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        try (OutputStream words = process.getOutputStream()) {
            words.write(GOODBYE.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debug("The watchdog is gone already", e);
        }
    }
}
