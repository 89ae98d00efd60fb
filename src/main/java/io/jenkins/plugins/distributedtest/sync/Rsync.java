package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The command lines of rsync. Gorgon's {@code -az --delete} with excludes, timeout and ssh options; but each exclude is
 * an argument of its own, paths come after {@code --}, remote arguments are not read by a remote shell ({@code -s}),
 * and what is excluded is removed on the receiving side, so that it has the tree and nothing else. Sockets, pipes and
 * devices are no sources; owners do not travel.
 */
final class Rsync {
    private static final Pattern HOST = Pattern.compile(
            "(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?" + "(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*)|\\[[0-9A-Fa-f:.]+\\])");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_~/@%+=,.\\p{L}\\p{N} -]+");
    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
    private static final int IO_TIMEOUT_SECONDS = 60;
    private static final int CONNECT_TIMEOUT_SECONDS = 15;

    private Rsync() {}

    /** How to get through: the transport and, for ssh, its options. */
    record Transport(boolean ssh, SshOptions access) {}

    /**
     * The address of a place on a file server.
     *
     * @throws SyncException of kind REFUSED if host or module could be read as anything else
     */
    static String address(Sync.FileServer server, String place) throws SyncException {
        if (!HOST.matcher(server.host()).matches()) {
            throw refused("Not a host name of a file server: " + Paths.printable(server.host()));
        }
        if (!(server instanceof Sync.Daemon daemon)) {
            return server.host() + ":" + place;
        }
        if (!MODULE.matcher(daemon.module()).matches()) {
            throw refused("Not a module of an rsync daemon: " + Paths.printable(daemon.module()));
        }
        return "rsync://" + daemon.host() + ":" + daemon.port() + "/" + daemon.module() + "/" + place;
    }

    /**
     * Checks an address from the wire: a remote one of the given transport, never a path of this host.
     *
     * @throws SyncException of kind REFUSED
     */
    static void check(String address, boolean ssh) throws SyncException {
        boolean right =
                address != null && address.length() <= Paths.MAX_LENGTH && (ssh ? isSsh(address) : isDaemon(address));
        if (!right) {
            throw refused("Not an address of a file server"
                    + (ssh ? " that ssh reaches (host:path)" : " (rsync://host:port/module/path)") + ": "
                    + Paths.printable(address));
        }
    }

    private static boolean isSsh(String address) {
        int colon =
                address.startsWith("[") || address.contains("@[") ? address.indexOf("]:") + 1 : address.indexOf(':');
        if (colon <= 0) {
            return false;
        }
        String path = address.substring(colon + 1);
        return HOST.matcher(address.substring(0, colon)).matches() && isPath(path) && !path.startsWith("-");
    }

    private static boolean isDaemon(String address) {
        String prefix = "rsync://";
        int slash = address.indexOf('/', prefix.length());
        if (!address.startsWith(prefix) || slash < 0) {
            return false;
        }
        String host = address.substring(prefix.length(), slash).replaceFirst(":[0-9]{1,5}$", "");
        return HOST.matcher(host).matches() && isPath(address.substring(slash + 1));
    }

    private static boolean isPath(String path) {
        return PATH.matcher(path).matches() && !List.of(path.split("/")).contains("..");
    }

    /**
     * Mirrors a directory to another place.
     *
     * @param from a local directory or an address
     * @param to a local directory or an address
     * @param exclude patterns
     * @param checksum whether to compare contents rather than sizes and times
     */
    static ProcessSpec mirror(String from, String to, List<String> exclude, Transport transport, boolean checksum)
            throws SyncException {
        List<String> command = new ArrayList<>(List.of(
                "rsync",
                "-az",
                "--no-devices",
                "--no-specials",
                "--no-owner",
                "--no-group",
                "-s",
                "--timeout=" + IO_TIMEOUT_SECONDS,
                "--delete",
                "--delete-excluded",
                // Times to the nanosecond: else a file that changes twice within a second, and keeps its size, is
                // missed.
                "--modify-window=-1"));
        if (checksum) {
            command.add("--checksum");
        }
        if (transport.ssh()) {
            command.add("--rsh=" + ssh(transport.access()));
        } else {
            command.add("--contimeout=" + CONNECT_TIMEOUT_SECONDS);
        }
        exclude.forEach(pattern -> command.add("--exclude=" + pattern));
        command.add("--");
        command.add(withSlash(from));
        command.add(withSlash(to));
        return ProcessSpec.of(command);
    }

    private static String withSlash(String place) {
        return place.endsWith("/") ? place : place + "/";
    }

    /** rsync itself splits this at spaces; no shell sees it. */
    private static String ssh(SshOptions access) throws SyncException {
        StringBuilder ssh = new StringBuilder("ssh -o BatchMode=yes -o NumberOfPasswordPrompts=0 -o ConnectTimeout=")
                .append(CONNECT_TIMEOUT_SECONDS);
        if (access.anyHostKey()) {
            ssh.append(" -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no");
        }
        appendFile(ssh, "-F", access.configFile());
        appendFile(ssh, "-i", access.keyFile());
        return ssh.toString();
    }

    private static void appendFile(StringBuilder ssh, String option, Path path) throws SyncException {
        if (path == null) {
            return;
        }
        String file = path.toAbsolutePath().toString();
        if (file.indexOf('\'') >= 0 || file.indexOf('"') >= 0) {
            throw refused("The name of a file for ssh must not have quotes: " + Paths.printable(file));
        }
        ssh.append(' ').append(option).append(" '").append(file).append('\'');
    }

    private static SyncException refused(String message) {
        return new SyncException(SyncException.Kind.REFUSED, message);
    }
}
