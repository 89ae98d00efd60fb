package io.jenkins.plugins.distributedtest.junitrunner;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The control connection. A thread of its own reads it, also while a test hangs: when it ends the listener is gone,
 * and this process and all that came from it end at once.
 */
final class Control {
    private final Socket socket;
    private final OutputStream out;
    private final String marker;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Control(int port, String token, int slot, String marker) throws IOException {
        this.marker = marker;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        send("{\"hello\":\"" + token + "\",\"role\":\"worker\",\"slot\":" + slot + ",\"pid\":" + pid() + "}");
        Thread reader = new Thread(this::read, "distributed-test control");
        reader.setDaemon(true);
        reader.setPriority(Thread.MAX_PRIORITY);
        reader.start();
    }

    /** Sends one line. */
    synchronized void send(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            leave();
        }
    }

    /** Waits for the next line from the listener. */
    String receive() throws InterruptedException {
        return lines.take();
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            leave();
        }
        leave();
    }

    private void leave() {
        try {
            List<String> kill = new ArrayList<>(Arrays.asList("kill", "-9"));
            kill.addAll(marked());
            if (kill.size() > 2) {
                new ProcessBuilder(kill).start().waitFor();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(1);
    }

    /** Processes that hold this tree's marker, where the platform shows environments. */
    private List<String> marked() {
        List<String> pids = new ArrayList<>();
        File[] entries = new File("/proc").listFiles((directory, name) -> name.matches("\\d+"));
        for (File entry : entries == null || marker == null ? new File[0] : entries) {
            try {
                byte[] bytes = Files.readAllBytes(entry.toPath().resolve("environ"));
                String text = "\0" + new String(bytes, StandardCharsets.UTF_8);
                if (text.contains("\0DISTRIBUTED_TEST_MARKER=" + marker + "\0")
                        && !entry.getName().equals(pid())) {
                    pids.add(entry.getName());
                }
            } catch (IOException e) {
                continue; // another user's, or gone
            }
        }
        return pids;
    }

    /** Java 8 has no other way. */
    private static String pid() {
        String name = java.lang.management.ManagementFactory.getRuntimeMXBean().getName();
        return name.substring(0, name.indexOf('@'));
    }
}
