package io.jenkins.plugins.distributedtest.zuul;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name of an executor's manager, which it has to itself as long as it lives, and gives to its successor in the same
 * directory. A Gearman server never forgets the name of a function, so a name for each start would fill it.
 *
 * <p>The name is kept in a file that is locked by whoever uses it; whoever finds it locked takes the next. It holds for the
 * host, its boot and the very file that it was made for: a clone of the host or of the directory gets a name of its own.
 */
public final class ManagerName implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerName.class);
    private static final int MAX_AT_ONCE = 100;
    private static final int MAX_BYTES = 2000;
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final String text;
    private final FileChannel lock;

    private ManagerName(String text, FileChannel lock) {
        this.text = text;
        this.lock = lock;
    }

    /**
     * Takes a name. Where none can be kept it is one for this start only.
     *
     * @param directory where names are kept; made when missing
     * @param host the host's name, a part of it
     */
    public static ManagerName take(Path directory, String host) {
        try {
            String boot = Files.readString(BOOT).strip();
            Files.createDirectories(directory);
            for (int i = 1; i <= MAX_AT_ONCE; i++) {
                ManagerName name = tryTake(directory.resolve("manager-" + i), host, boot);
                if (name != null) {
                    return name;
                }
            }
        } catch (IOException e) {
            LOG.debug("No name is kept in {}", directory, e);
        }
        return new ManagerName(named(host, UUID.randomUUID().toString()), null);
    }

    private static String named(String host, String id) {
        return "distributed-test-" + host + "-" + id;
    }

    private static ManagerName tryTake(Path file, String host, String boot) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (channel.tryLock() == null) {
                return null;
            }
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            String owner = host + " " + boot + " " + key + " ";
            String kept = read(channel);
            String id = kept.startsWith(owner) ? kept.substring(owner.length()) : "";
            if (!id.matches("[0-9a-f-]{36}")) {
                id = UUID.randomUUID().toString();
                channel.truncate(0);
                channel.write(ByteBuffer.wrap((owner + id).getBytes(StandardCharsets.UTF_8)), 0);
            }
            taken = true;
            return new ManagerName(named(host, id), channel);
        } catch (OverlappingFileLockException e) {
            return null; // another executor in this very process
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
        int length = Math.max(0, channel.read(buffer, 0));
        return new String(buffer.array(), 0, length, StandardCharsets.UTF_8);
    }

    /** The name. */
    public String text() {
        return text;
    }

    /** Gives the name to whoever comes next. */
    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.debug("The lock of {} is gone already", text, e);
        }
    }
}
