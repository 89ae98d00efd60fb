package io.jenkins.plugins.distributedtest.e2e;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Plays systemd's user manager for a program of a user without rights: {@code loginctl} and {@code busctl} that come first
 * on its {@code PATH}, of which the latter waits until the test, as root, has made a scope and moved who asks into it.
 */
final class UserManager implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final Path directory;
    private final Path top;
    private final Path own;

    /** @param directory where a listener of its user may write */
    UserManager(Path directory) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "Only root can play the user manager");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "There is no setpriv");
        Path unified = CGROUPS.resolve("unified");
        top = Files.isDirectory(unified) ? unified : CGROUPS;
        assumeTrue(Files.exists(top.resolve("cgroup.procs")), "There is no cgroup v2");
        this.directory = directory;
        own = Files.createDirectory(
                top.resolve("session-" + ProcessHandle.current().pid()));
        if (!Files.exists(own.resolve("cgroup.kill"))) {
            Files.delete(own);
            abort("Linux before 5.14");
        }
    }

    /** Starts a listener with one slot in a cgroup that is not its user's. */
    Program startListener(World world, boolean lingers) throws Exception {
        Path bin = Files.createDirectories(directory.resolve("systemd"));
        script(bin.resolve("loginctl"), "echo " + (lingers ? "yes" : "no"));
        script(
                bin.resolve("busctl"),
                "echo \"$*\" > " + bin + "/asked.part && mv " + bin + "/asked.part " + bin + "/asked\n"
                        + "while [ ! -e " + bin + "/moved ]; do sleep 0.05; done");
        Path work = Files.createDirectories(world.workDirectory("one"));
        run(
                "chown",
                "-R",
                NOBODY,
                bin.toString(),
                work.toString(),
                world.evidence().toString());
        run("chmod", "a+rx", directory.toString(), work.getParent().toString());
        List<String> by = List.of(
                "/bin/sh",
                "-c",
                "echo $$ > " + own + "/cgroup.procs; exec setpriv --reuid=" + NOBODY + " --regid=" + NOBODY
                        + " --clear-groups \"$@\"",
                "sh");
        List<String> arguments =
                List.of("listen", "--slots", "1", "--work-dir", work.toString(), "--set", "process_containers=cgroup");
        return world.start(
                "nobody", by, arguments, Map.of("PATH", bin + ":" + System.getenv("PATH"), "HOME", work.toString()));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /** The scope that a program is to be in. */
    Path scope(Program program) {
        return own.resolve("distributed-test-" + program.pid() + ".scope");
    }

    /** Does what the user manager does for a unit with {@code Delegate=yes}, once it is asked for one. */
    void moveWhoAsks(Program program) throws Exception {
        Path asked = directory.resolve("systemd/asked");
        Program.await(() -> "the user manager is asked for a scope")
                .until(() -> Files.exists(asked) || !program.isAlive());
        String pid = String.valueOf(program.pid());
        String expected = "--user --timeout=10 call org.freedesktop.systemd1 /org/freedesktop/systemd1"
                + " org.freedesktop.systemd1.Manager StartTransientUnit ssa(sv)a(sa(sv)) distributed-test-" + pid
                + ".scope fail 2 PIDs au 1 " + pid + " Delegate b true 0";
        if (!Files.exists(asked) || !Files.readString(asked).strip().equals(expected)) {
            throw new AssertionError(
                    "Asked: " + (Files.exists(asked) ? Files.readString(asked) : "nothing") + "\n" + program.output());
        }
        Path scope = Files.createDirectory(scope(program));
        for (String each : List.of("", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads")) {
            run("chown", NOBODY, scope.resolve(each).toString());
        }
        Files.writeString(scope.resolve("cgroup.procs"), pid);
        Files.createFile(directory.resolve("systemd/moved"));
    }

    @Override
    public void close() throws Exception {
        Files.writeString(own.resolve("cgroup.kill"), "1");
        Program.await(() -> "nothing is left in " + own)
                .until(() -> Files.readString(own.resolve("cgroup.events")).contains("populated 0"));
        remove(own);
    }

    private static void remove(Path cgroup) throws IOException {
        try (Stream<Path> below = Files.list(cgroup)) {
            for (Path each : below.filter(Files::isDirectory).toList()) {
                remove(each);
            }
        }
        Files.delete(cgroup);
    }
}
