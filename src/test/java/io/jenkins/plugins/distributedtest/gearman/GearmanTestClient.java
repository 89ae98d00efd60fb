package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.gearman.common.GearmanPacketType;

/** A Gearman client as Zuul is one: submits jobs in the foreground and keeps what comes back for each. */
public final class GearmanTestClient implements AutoCloseable {
    private final Socket socket;
    private final int port;
    private final Map<String, Submitted> byHandle = new ConcurrentHashMap<>();
    private final BlockingQueue<Submitted> unnamed = new ArrayBlockingQueue<>(100_000);

    /** A job that was submitted. */
    public static final class Submitted {
        public volatile String handle;
        public final List<String> data = new CopyOnWriteArrayList<>();
        public final List<String> statuses = new CopyOnWriteArrayList<>();
        public volatile String end;
        /** The last payload that was not empty, whatever packet it came in: what Zuul believes. */
        public volatile String lastPayload;

        public final List<String> packets = new CopyOnWriteArrayList<>();

        private void took(String packet, String payload) {
            packets.add(packet);
            if (payload != null && !payload.isEmpty()) {
                lastPayload = payload;
            }
        }

        public boolean isEnded() {
            return end != null;
        }
    }

    public GearmanTestClient(int port) throws IOException {
        this.port = port;
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(this::readAll, "gearman-test-client");
        thread.setDaemon(true);
        thread.start();
    }

    public Submitted submit(String function, String unique, String payload) throws IOException {
        return submit(GearmanPacketType.SUBMIT_JOB, function, unique, payload);
    }

    public Submitted submit(GearmanPacketType how, String function, String unique, String payload) throws IOException {
        Submitted job = new Submitted();
        synchronized (socket) {
            unnamed.add(job);
            socket.getOutputStream()
                    .write(Packet.request(how, function, unique, payload).encode());
        }
        return job;
    }

    /** Sends a line of the text protocol on a connection of its own and reads to the first line of the answer. */
    public String admin(String line) throws IOException {
        try (Socket admin = new Socket("127.0.0.1", port)) {
            admin.setSoTimeout(30_000);
            admin.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(admin.getInputStream(), StandardCharsets.UTF_8)).readLine();
        }
    }

    /** What the server's {@code status} lists: functions that Zuul takes for registered. */
    public List<String> functions() throws IOException {
        try (Socket admin = new Socket("127.0.0.1", port)) {
            admin.setSoTimeout(30_000);
            admin.getOutputStream().write("status\n".getBytes(StandardCharsets.UTF_8));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(admin.getInputStream(), StandardCharsets.UTF_8));
            List<String> functions = new ArrayList<>();
            for (String line = reader.readLine(); line != null && !line.equals("."); line = reader.readLine()) {
                String[] columns = line.split("\t");
                // Those of workers that are gone stay listed by C gearmand, with no worker.
                if (!columns[3].equals("0")) {
                    functions.add(columns[0]);
                }
            }
            return functions;
        }
    }

    private void readAll() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                handle(Packet.read(in));
            }
        } catch (IOException | InterruptedException e) {
            // The end of the test, or of the server.
        }
    }

    private void handle(Packet packet) throws IOException, InterruptedException {
        if (packet.is(GearmanPacketType.JOB_CREATED)) {
            Submitted job = unnamed.poll(30, TimeUnit.SECONDS);
            assertThat(job).isNotNull();
            job.handle = packet.texts(1).get(0);
            byHandle.put(job.handle, job);
        } else if (packet.is(GearmanPacketType.WORK_DATA)) {
            Submitted job = byHandle.get(packet.texts(2).get(0));
            job.data.add(packet.texts(2).get(1));
            job.took("data", packet.texts(2).get(1));
        } else if (packet.is(GearmanPacketType.WORK_WARNING)) {
            byHandle.get(packet.texts(2).get(0)).took("warning", packet.texts(2).get(1));
        } else if (packet.is(GearmanPacketType.WORK_EXCEPTION)) {
            // Zuul does not look at what it holds.
            Submitted job = byHandle.get(packet.texts(2).get(0));
            job.took("exception", null);
            job.end = "exception";
        } else if (packet.is(GearmanPacketType.WORK_STATUS)) {
            List<String> status = packet.texts(3);
            Submitted job = byHandle.get(status.get(0));
            job.took("status", null);
            job.statuses.add(status.get(1) + "/" + status.get(2));
        } else if (packet.is(GearmanPacketType.WORK_COMPLETE)) {
            Submitted job = byHandle.get(packet.texts(2).get(0));
            job.took("complete", packet.texts(2).get(1));
            job.end = "complete " + packet.texts(2).get(1);
        } else if (packet.is(GearmanPacketType.WORK_FAIL)) {
            // C gearmand makes a failure of an exception, and leaves in it what the exception said.
            Submitted job = byHandle.get(packet.texts(1).get(0).split("\0")[0]);
            job.took("fail", null);
            job.end = "fail";
        }
    }

    /** Sends a line of the text protocol and reads to the line with a dot. */
    public List<String> adminLines(String line) throws IOException {
        try (Socket admin = new Socket("127.0.0.1", port)) {
            admin.setSoTimeout(30_000);
            admin.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(admin.getInputStream(), StandardCharsets.UTF_8));
            return in.lines().takeWhile(each -> !each.equals(".")).toList();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
