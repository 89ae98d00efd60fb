package io.jenkins.plugins.distributedtest.gearman;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** C gearmand from Debian's gearman-job-server, on a port of its own. */
public final class RealGearmand implements AutoCloseable {
    private final int port;
    private final Process process;

    public RealGearmand(int port, Path directory, String... options) throws IOException {
        this.port = port;
        List<String> command = new ArrayList<>(List.of(
                executable(), "--listen", "127.0.0.1", "--port", Integer.toString(port), "--log-file", "stderr"));
        command.addAll(List.of(options));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("--user", "root"));
        }
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("gearmand.log").toFile())
                .start();
        Awaitility.await("gearmand on port " + port).until(this::answers);
    }

    private static String executable() {
        Optional<String> found = Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(directory -> directory + "/gearmand")
                .filter(path -> new File(path).canExecute())
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "gearmand is not installed (Debian: gearman-job-server)");
        return found.get();
    }

    private boolean answers() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops it for real: its port is free and its connections are cut. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops answering without closing anything. */
    void hang() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
