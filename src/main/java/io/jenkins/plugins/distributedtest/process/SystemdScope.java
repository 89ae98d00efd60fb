package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has systemd's user manager put this process into a scope whose cgroup is this user's to divide, as
 * {@code systemd-run --user --scope -p Delegate=yes} does for a new process. Only if the user lingers, since the manager of
 * another user ends with the last login and would end this process with it; and never out of a service, which would
 * lose its main process. Systemd's own programs are called, as this process's {@code PATH} has them.
 */
final class SystemdScope {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

    private SystemdScope() {}

    /**
     * Enters one.
     *
     * @param own the cgroup that this process is in
     * @throws IOException if there is none to be had; says why
     */
    static void enter(Path own) throws IOException {
        if (own.toString().endsWith(".service")) {
            throw new IOException("the unit of this service has no Delegate=yes");
        }
        String user = System.getProperty("user.name");
        CommandResult lingers = call(List.of("loginctl", "show-user", "--property=Linger", "--value", "--", user));
        if (!lingers.ok() || !lingers.output().strip().equals("yes")) {
            throw new IOException(
                    "systemd's manager of " + user + " ends with the last login (loginctl enable-linger)");
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        String scope = "distributed-test-" + pid + ".scope";
        CommandResult result = call(request(scope, pid));
        if (!result.ok()) {
            throw new IOException("systemd's user manager gives no scope: "
                    + result.output().strip().lines().findFirst().orElse(result.ending()));
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Cgroups.own().endsWith(scope)) {
            if (System.nanoTime() > end) {
                throw new IOException("systemd's user manager did not move this process into " + scope);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static List<String> request(String scope, String pid) {
        return List.of(
                "busctl",
                "--user",
                "--timeout=" + TimeUnit.SECONDS.convert(LIMIT),
                "call",
                "org.freedesktop.systemd1",
                "/org/freedesktop/systemd1",
                "org.freedesktop.systemd1.Manager",
                "StartTransientUnit",
                "ssa(sv)a(sa(sv))",
                scope,
                "fail",
                "2",
                "PIDs",
                "au",
                "1",
                pid,
                "Delegate",
                "b",
                "true",
                "0");
    }

    private static CommandResult call(List<String> command) throws IOException {
        try {
            return Commands.run(ProcessSpec.of(command), LIMIT.plusSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw new IOException("there is no systemd (" + e.getMessage() + ")", e);
        }
    }
}
