package io.jenkins.plugins.distributedtest.process;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A child subreaper for each process (Linux): a small program in Perl starts it, and every process that comes of it and
 * loses its parent becomes that program's child. {@code keeper.pl} tells how it works.
 */
final class Subreapers implements ProcessContainer.Source {
    /** The numbers of {@code prctl} by the names of architectures in Java. */
    private static final Map<String, Integer> PRCTL = Map.of(
            "amd64", 157,
            "aarch64", 167,
            "riscv64", 167,
            "loongarch64", 167,
            "ppc64le", 171,
            "s390x", 172,
            "i386", 172,
            "arm", 172);

    private static final List<Path> PERLS =
            List.of(Path.of("/usr/bin/perl"), Path.of("/bin/perl"), Path.of("/usr/local/bin/perl"));
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();
    private static final int LOOKS_PER_SIGNAL = 20;
    private static final String KEEPER = "distributed-test-keeper";

    private final Path directory;
    private final String perl;
    private final String script;
    private final AtomicLong number = new AtomicLong();

    private Subreapers(Path directory, String perl, String script) {
        this.directory = directory;
        this.perl = perl;
        this.script = script;
    }

    /**
     * Tries it.
     *
     * @param parent an existing directory; one is made in it for small files
     * @throws IOException if it does not work here; says why
     */
    static Subreapers find(Path parent) throws IOException {
        if (!PRCTL.containsKey(System.getProperty("os.arch")) || !Files.exists(Path.of("/proc/self/stat"))) {
            throw new IOException("needs Linux on a known processor");
        }
        Path perl = PERLS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no /usr/bin/perl"));
        Path directory =
                parent.resolve("keepers-" + ProcessHandle.current().pid()).toAbsolutePath();
        DirectoryTree.delete(directory);
        OwnerOnly.createDirectory(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> removeIfEmpty(directory), "keepers-directory"));
        Subreapers found = new Subreapers(directory, perl.toString(), script());
        Process tried = found.make().start(new ProcessBuilder("/bin/sh", "-c", "exit 7"), "sh");
        try {
            if (!tried.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || tried.exitValue() != 7) {
                throw new IOException("a trial failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return found;
    }

    private static void removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            return; // its last keeper removes it
        }
    }

    private static String script() throws IOException {
        try (InputStream in = Subreapers.class.getResourceAsStream("keeper.pl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String description() {
        return "subreapers (a small program that starts each of them and takes in what loses its parent)";
    }

    @Override
    public String killFile() {
        return null; // keepers see for themselves when this process is gone
    }

    @Override
    public ProcessContainer make() throws IOException {
        return new Keeper(Files.createFile(directory.resolve(Long.toString(number.incrementAndGet()))));
    }

    /** One process's: its file is there as long as anything in it runs. */
    private final class Keeper implements ProcessContainer {
        private final Path file;

        Keeper(Path file) {
            this.file = file;
        }

        @Override
        public Process start(ProcessBuilder builder, String name) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    perl,
                    "-e",
                    script,
                    Long.toString(ProcessHandle.current().pid()),
                    file.toString(),
                    PRCTL.get(System.getProperty("os.arch")).toString()));
            List<String> perls = new ArrayList<>();
            for (String variable : new TreeSet<>(builder.environment().keySet())) {
                if (variable.startsWith("PERL")) {
                    perls.add(variable + "=" + builder.environment().remove(variable));
                }
            }
            builder.environment().put("PERL_BADLANG", "0");
            command.add(Integer.toString(perls.size()));
            command.addAll(perls);
            command.add(builder.command().get(0));
            command.add(name);
            command.addAll(builder.command().subList(1, builder.command().size()));
            try {
                Process process = builder.command(command).start();
                awaitStart(process);
                return process;
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }

        private void awaitStart(Process process) throws IOException {
            long end = System.nanoTime() + START_LIMIT.toNanos();
            while (true) {
                boolean alive = process.isAlive();
                String told = told();
                if (told == null || told.endsWith("\n") && !told.startsWith("!")) {
                    return;
                }
                if (told.endsWith("\n")) {
                    throw new IOException(told.substring(1).strip());
                }
                if (!alive) {
                    throw new IOException("its keeper ended with " + process.exitValue());
                }
                if (System.nanoTime() > end) {
                    process.destroyForcibly();
                    throw new IOException("its keeper did not start within " + START_LIMIT.toSeconds() + " s");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }

        /** What stands in the file; null if it is gone. */
        private String told() {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (NoSuchFileException e) {
                return null;
            } catch (IOException e) {
                return "";
            }
        }

        @Override
        public boolean isEmpty() {
            return !Files.exists(file);
        }

        @Override
        public boolean kill() {
            long end = System.nanoTime() + ProcessTree.LIMIT.plusSeconds(1).toNanos();
            for (int look = 0; System.nanoTime() < end; look++) {
                String told = told();
                if (told == null) {
                    return true;
                }
                ProcessHandle keeper = keeper(told);
                if (keeper == null) {
                    return lost();
                }
                if (look % LOOKS_PER_SIGNAL == 0) {
                    keeper.destroy();
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return false;
        }

        /** The keeper, if it still is one: somebody may have killed it. */
        private ProcessHandle keeper(String told) {
            try {
                long pid = Long.parseLong(told.strip());
                String name = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
                return name.startsWith(KEEPER) ? ProcessHandle.of(pid).orElse(null) : null;
            } catch (IOException | NumberFormatException e) {
                return null;
            }
        }

        private boolean lost() {
            try {
                return !Files.deleteIfExists(file); // gone: it has ended in order between the two looks
            } catch (IOException e) {
                return false;
            }
        }
    }
}
