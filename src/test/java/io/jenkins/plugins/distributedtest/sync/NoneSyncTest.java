package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoneSyncTest {
    @TempDir
    Path directory;

    private final EventLoop loop = new EventLoop("test");

    @AfterEach
    void stop() {
        loop.close();
    }

    private FetchedTree fetch(SyncSpec spec) throws Exception {
        FetcherSettings settings = FetcherSettings.of(directory.resolve("work"), Duration.ofSeconds(60));
        try (SourceFetcher fetcher = new SourceFetcher(loop, "listener", settings)) {
            return fetcher.fetch(new JobSource("run", "project", spec), directory.resolve("ws"));
        }
    }

    private SyncSpec offer(Path tree, String... exclude) throws Exception {
        SourceOffer offer =
                SourceOffers.create(loop, "run", tree, new Sync.None(List.of(exclude)), OfferingHost.of(null));
        offer.prepare();
        return offer.spec();
    }

    @Test
    void takesTheTreeThatIsThereAndDoesNotOwnIt() throws Exception {
        Path tree = Trees.awkward(directory.resolve("tree"));
        FetchedTree got = fetch(offer(tree));
        assertThat(got.directory()).isEqualTo(tree);
        assertThat(got.owned()).isFalse();
        assertThat(directory.resolve("ws")).doesNotExist();
    }

    @Test
    void aTreeThatDiffersDoesNotRunUnlessTheDifferenceIsExcluded() throws Exception {
        Path tree = Trees.awkward(directory.resolve("tree"));
        SyncSpec plain = offer(tree);
        SyncSpec excluding = offer(tree, "/tmp");
        Trees.write(tree, "tmp/cache", "written by a test");
        assertThat(fetch(excluding).treeDigest()).isEqualTo(excluding.treeDigest());
        assertThatThrownBy(() -> fetch(plain))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.TREE_DIFFERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "", "/no/such/directory"})
    void aPathThatIsNoDirectoryHereIsNamed(String path) {
        SyncSpec spec = new SyncSpec(SyncSpec.Kind.NONE, List.of(), "0".repeat(64), path, null, null, null, null);
        assertThatThrownBy(() -> fetch(spec)).isInstanceOf(SyncException.class).hasMessageContaining(path);
    }

    @Test
    void theStoreForgetsWhatWasNotUsedLongestButNothingInUse() throws Exception {
        ContentStore store = new ContentStore(directory.resolve("store"), 1000);
        Sha256[] shas = new Sha256[4];
        try (ContentStore.Use use = store.use()) {
            for (int i = 0; i < 4; i++) {
                byte[] data = new byte[400];
                data[0] = (byte) i;
                shas[i] = Sha256.of(data, 0, data.length);
                try (ContentStore.Arrival arrival = store.arrive(shas[i])) {
                    arrival.write(data);
                    assertThat(arrival.commit()).isTrue();
                }
                Files.setLastModifiedTime(store.path(shas[i]), FileTime.fromMillis(1_000_000L * (i + 1)));
            }
            assertThat(use.has(shas[0], 400)).as("looked at: in use").isTrue();
            store.cleanUp();
            assertThat(use.has(shas[0], 400)).isTrue();
            assertThat(use.has(shas[1], 400)).isFalse();
            assertThat(use.has(shas[2], 400)).isFalse();
            assertThat(use.has(shas[3], 400)).isTrue();
        }
        assertThat(store.path(shas[0])).exists();
    }
}
