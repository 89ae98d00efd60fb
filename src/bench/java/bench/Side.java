package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One of two that are compared: a command and where it tells what came of it.
 *
 * @param name for people
 * @param command its words
 * @param probe a command that succeeds where it can be run; empty for always
 * @param left the file or directory that the outcomes are read from, removed before each run, so that none are another
 *     run's; null for what the command printed
 * @param reading reads the outcomes from there
 */
record Side(String name, List<String> command, List<String> probe, Path left, Reading reading) {
    /** A command that takes longer hangs. */
    private static final long LIMIT_SECONDS = 1_800;

    private static final long LOOK_MILLIS = 20;

    /** Reads outcomes. */
    interface Reading {
        /** Reads them. */
        Outcomes of(Path printed) throws IOException;
    }

    /** Whether it can be run here. */
    boolean isThere() throws IOException, InterruptedException {
        return probe.isEmpty() || Commands.succeeds(probe);
    }

    /**
     * Runs it once.
     *
     * @param project its current directory
     * @param expected what each case has to come to
     * @return its seconds
     * @throws VoidException if what it came to is not what is expected
     */
    double run(Path project, Map<String, String> expected) throws IOException, InterruptedException, VoidException {
        return run(project, expected, pid -> {});
    }

    /** Looks at a process now and then while it runs. */
    interface Watch {
        /** Looks at it. */
        void look(long pid) throws IOException;
    }

    /**
     * As {@link #run(Path, Map)}, watched.
     *
     * @param watch looks at the process every {@value #LOOK_MILLIS} ms
     */
    double run(Path project, Map<String, String> expected, Watch watch)
            throws IOException, InterruptedException, VoidException {
        Path printed = Files.createTempFile("bench-", ".txt");
        try {
            if (left != null) {
                Trees.delete(left);
            }
            long began = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            process.getOutputStream().close();
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                watch.look(process.pid());
                if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                    process.destroyForcibly();
                    throw new VoidException(name + " did not end within " + LIMIT_SECONDS + " s");
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            String difference;
            try {
                difference = reading.of(left == null ? printed : left).difference(expected);
            } catch (IOException e) {
                throw new VoidException(name + ": " + e.getMessage() + "; it printed: " + end(printed));
            }
            if (difference != null) {
                throw new VoidException(name + ": " + difference + "; it printed: " + end(printed));
            }
            return seconds;
        } finally {
            Files.deleteIfExists(printed);
        }
    }

    private static String end(Path printed) throws IOException {
        String text = new String(Files.readAllBytes(printed), java.nio.charset.StandardCharsets.UTF_8).strip();
        return text.substring(Math.max(0, text.length() - 400)).replaceAll("\\s+", " ");
    }

    /** What makes a row void. */
    static final class VoidException extends Exception {
        private static final long serialVersionUID = 1L;

        VoidException(String message) {
            super(message);
        }
    }
}
