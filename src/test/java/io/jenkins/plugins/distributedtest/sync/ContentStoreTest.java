package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ContentStoreTest {
    private static final int SIZE = 10_000;

    @TempDir
    Path directory;

    private static byte[] content(int number) {
        byte[] content = new byte[SIZE];
        new Random(number).nextBytes(content);
        return content;
    }

    private static void put(ContentStore store, byte[] content) throws Exception {
        try (ContentStore.Arrival arrival = store.arrive(Sha256.of(content, 0, content.length))) {
            arrival.write(content);
            assertThat(arrival.commit()).isTrue();
        }
    }

    /** Takes and puts contents in random order; what is there is whole, whatever the others put and remove. */
    private Callable<Integer> user(int seed) {
        return () -> {
            ContentStore store = new ContentStore(directory, 20L * SIZE);
            Random random = new Random(seed);
            int taken = 0;
            for (int round = 0; round < 200; round++) {
                byte[] content = content(random.nextInt(50));
                Sha256 sha = Sha256.of(content, 0, content.length);
                try (ContentStore.Use use = store.use()) {
                    if (!use.has(sha, SIZE)) {
                        put(store, content);
                    }
                    try (InputStream in = store.open(sha)) {
                        assertThat(in.readAllBytes()).isEqualTo(content);
                        taken++;
                    } catch (NoSuchFileException e) {
                        // Begun in the very moment of a clean-up: a fetch asks again then. Another user may have put it
                        // back.
                        assertThat(e).hasMessageContaining(sha.toString().substring(2));
                    }
                }
                if (random.nextInt(4) == 0) {
                    store.cleanUp();
                }
            }
            return taken;
        };
    }

    @Test
    void severalStoresOfOneDirectoryDoNotDisturbEachOther() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> outcomes = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                outcomes.add(users.submit(user(seed)));
            }
            for (Future<Integer> outcome : outcomes) {
                assertThat(outcome.get(100, TimeUnit.SECONDS)).isGreaterThan(150);
            }
        } finally {
            users.shutdownNow();
        }
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
        assertThat(directory.resolve("uses")).isEmptyDirectory();
    }

    @Test
    void cleanUpRemovesWhatWasNotUsedForLongestAndNothingInUse() throws Exception {
        ContentStore store = new ContentStore(directory, 5L * SIZE);
        List<Path> stored = new ArrayList<>();
        try (ContentStore.Use any = store.use()) {
            for (int i = 0; i < 10; i++) {
                byte[] content = content(i);
                put(store, content);
                stored.add(store.path(Sha256.of(content, 0, SIZE)));
                Files.setLastModifiedTime(
                        stored.get(i), FileTime.from(Instant.now().minus(Duration.ofHours(20 - i))));
            }
        }
        byte[] oldest = content(0);
        try (ContentStore.Use use = store.use()) {
            assertThat(use.has(Sha256.of(oldest, 0, SIZE), SIZE)).isTrue();
            store.cleanUp();
        }
        assertThat(stored.get(0)).exists();
        assertThat(stored.get(1)).doesNotExist();
        assertThat(stored.get(9)).exists();
    }

    @Test
    void whatACrashLeftHalfArrivedIsRemovedWhenItIsOld() throws Exception {
        ContentStore store = new ContentStore(directory, 5L * SIZE);
        store.use().close();
        Path old = Trees.write(directory, "tmp/old", "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        Path young = Trees.write(directory, "tmp/young", "half");
        Path use = Trees.write(directory, "uses/of-a-process-that-is-gone", "");

        store.cleanUp();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(use).doesNotExist();
    }
}
