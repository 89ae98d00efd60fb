package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sync kind content does on any broker. */
@Timeout(180)
abstract class ContentSyncContract {
    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private String run = UUID.randomUUID().toString();
    private BrokerAddress address;
    private Path tree;

    /** A broker, or a part of it, of this test's own. */
    abstract BrokerAddress address() throws IOException;

    /** Breaks every connection. */
    abstract void breakConnections() throws IOException;

    @BeforeEach
    void prepare() throws IOException {
        address = address();
        tree = Files.createDirectory(directory.resolve("tree"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private interface OfferMaker {
        SourceOffer make(EventLoop loop) throws Exception;
    }

    private SourceOffer originator(OfferMaker maker) throws Exception {
        EventLoop loop = new EventLoop("test-originator");
        SourceOffer offer = maker.make(loop);
        offer.prepare();
        attach(loop, offer);
        return offer;
    }

    private void attach(EventLoop loop, SourceOffer offer) throws Exception {
        CountDownLatch attached = new CountDownLatch(1);
        var connection = BrokerConnection.open(address, "originator", loop, new BrokerConnection.Lifecycle() {
            @Override
            public void connected(BrokerSession session) throws IOException {
                offer.attach(session);
                attached.countDown();
            }

            @Override
            public void disconnected(String reason) {
                offer.detach();
            }
        });
        open.add(() -> {
            loop.submit(() -> {
                        offer.close();
                        return null;
                    })
                    .get(30, TimeUnit.SECONDS);
            connection.close();
            loop.close();
        });
        assertThat(attached.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private SourceOffer originator(long limit) throws Exception {
        run = UUID.randomUUID().toString();
        return originator(loop -> SourceOffers.create(
                loop, run, tree, new Sync.Content(List.of(), limit), OfferingHost.of(directory.resolve("cache"))));
    }

    private SourceOffer originator() throws Exception {
        return originator(Sync.Content.DEFAULT_MAX_BYTES);
    }

    private Peer.Listener listener(String name) {
        return listener(name, Duration.ofSeconds(60));
    }

    private Peer.Listener listener(String name, Duration progress) {
        FetcherSettings settings = new FetcherSettings(
                directory.resolve(name),
                FetcherSettings.DEFAULT_MAX_STORE_BYTES,
                Duration.ofSeconds(90),
                progress,
                SshOptions.DEFAULT,
                null);
        Peer.Listener listener = new Peer.Listener(address, name, settings);
        open.add(0, listener);
        return listener;
    }

    private JobSource job(SourceOffer offer) {
        return new JobSource(run, "project", offer.spec());
    }

    /** Listens in on the answers: how many messages, and how often each content began. */
    private final class Spy {
        final AtomicInteger messages = new AtomicInteger();
        final AtomicInteger largest = new AtomicInteger();
        final Map<String, Integer> begun = new ConcurrentHashMap<>();

        Spy(SourceOffer offer) {
            Peer peer = new Peer(
                    address,
                    session -> {
                        Channel channel = session.channel();
                        channel.exchangeDeclare(offer.spec().contentExchange(), "direct", false, true, Map.of());
                        String queue = channel.queueDeclare().getQueue();
                        channel.queueBind(queue, offer.spec().contentExchange(), ContentOffer.KEY);
                        session.consume(channel, queue, true, this::heard, () -> {});
                    },
                    () -> {});
            open.add(0, peer);
            await().atMost(Peer.PATIENCE).until(() -> !peer.sessions.isEmpty());
        }

        private void heard(Delivery delivery) {
            messages.incrementAndGet();
            largest.accumulateAndGet(delivery.getBody().length, Math::max);
            try {
                for (ContentMessages.Piece piece :
                        ContentMessages.readPieces(delivery.getProperties(), delivery.getBody())) {
                    if (piece.offset() == 0) {
                        begun.merge(piece.sha().toString(), 1, Integer::sum);
                    }
                }
            } catch (WireException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void laysOutTheTreeExactly() throws Exception {
        Trees.awkward(tree);
        Trees.write(tree, ".git/config", "is left out");
        SourceOffer offer = originator();

        FetchedTree got = Peer.get(listener("one").fetch(job(offer), directory.resolve("ws")));

        assertThat(got.treeDigest()).isEqualTo(offer.spec().treeDigest());
        assertThat(got.owned()).isTrue();
        assertThat(got.directory()).isEqualTo(directory.resolve("ws"));
        var expected = Trees.content(tree);
        expected.keySet().removeIf(path -> path.startsWith(".git"));
        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(expected);
    }

    @Test
    void aSecondRunTransfersOnlyWhatChangedAndAThirdNothing() throws Exception {
        for (int i = 0; i < 50; i++) {
            Trees.write(tree, "file" + i, "content " + i);
        }
        Peer.Listener listener = listener("one");
        Peer.get(listener.fetch(job(originator()), directory.resolve("ws1")));
        Trees.write(tree, "file7", "changed");

        SourceOffer second = originator();
        Spy spy = new Spy(second);
        Peer.get(listener.fetch(job(second), directory.resolve("ws2")));
        assertThat(Files.readString(directory.resolve("ws2/file7"))).isEqualTo("changed");
        byte[] changed = "changed".getBytes(StandardCharsets.UTF_8);
        await().atMost(Peer.PATIENCE)
                .untilAsserted(() -> assertThat(spy.begun.keySet())
                        .containsExactlyInAnyOrder(
                                second.spec().treeDigest(),
                                Sha256.of(changed, 0, changed.length).toString()));
        int messages = spy.messages.get();

        Peer.get(listener.fetch(job(second), directory.resolve("ws3")));
        assertThat(spy.messages).hasValue(messages);
        assertThat(Trees.content(directory.resolve("ws3"))).isEqualTo(Trees.content(directory.resolve("ws2")));
    }

    @Test
    void whatTwoListenersAskAtOnceIsSentOnce() throws Exception {
        for (int i = 0; i < 300; i++) {
            Trees.write(tree, "dir" + i % 7 + "/file" + i, "content " + i);
        }
        // The source is slow to open its first content until both have asked for everything.
        CountDownLatch bothAsked = new CountDownLatch(1);
        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);
        BlobSource files = BlobSource.of(tree, manifest);
        EventLoop loop = new EventLoop("test-originator");
        SourceOffer offer = SourceOffers.content(
                loop,
                run,
                manifest,
                ExcludePatterns.none(),
                digest -> {
                    awaitQuietly(bothAsked);
                    return files.open(digest);
                },
                1 << 20);
        offer.prepare();
        attach(loop, offer);
        Spy spy = new Spy(offer);
        Peer.Listener one = listener("one");
        Peer.Listener two = listener("two");
        // Both have the manifest already, so each begins by asking for all content (it fits one request). Had one to
        // wait
        // for the manifest, the content that the other asked for would stand before it.
        for (Peer.Listener each : List.of(one, two)) {
            Path known = each.store.path(Sha256.parse(manifest.digest()));
            Files.createDirectories(known.getParent());
            Files.write(known, manifest.text());
        }
        CompletableFuture<FetchedTree> first = one.fetch(job(offer), directory.resolve("ws1"));
        CompletableFuture<FetchedTree> second = two.fetch(job(offer), directory.resolve("ws2"));
        Requests.settle(loop);
        bothAsked.countDown();

        Peer.get(first);
        Peer.get(second);
        spy.begun.remove(manifest.digest());
        assertThat(spy.begun)
                .hasSize(300)
                .allSatisfy((sha, times) -> assertThat(times).isEqualTo(1));
        assertThat(Trees.content(directory.resolve("ws1"))).isEqualTo(Trees.content(tree));
        assertThat(Trees.content(directory.resolve("ws2"))).isEqualTo(Trees.content(tree));
    }

    /** Waiting for requests that are on their way. */
    private static final class Requests {
        static void settle(EventLoop loop) throws Exception {
            CompletableFuture<Void> later = new CompletableFuture<>();
            loop.schedule(Duration.ofSeconds(1), () -> later.complete(null));
            Peer.get(later);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody asked");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aLargeFileTravelsInPiecesOfBoundedSize() throws Exception {
        Trees.writeRandom(tree, "big", 50 << 20, 1);
        Trees.write(tree, "small", "small");
        SourceOffer offer = originator();
        Spy spy = new Spy(offer);

        Peer.get(listener("one").fetch(job(offer), directory.resolve("ws")));

        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(Trees.content(tree));
        assertThat(spy.largest.get()).isLessThanOrEqualTo(ContentMessages.MAX_RAW);
        await().atMost(Peer.PATIENCE).until(() -> spy.messages.get() > 49);
    }

    @Test
    void overTheLimitTheErrorNamesTheWaysOut() throws Exception {
        Trees.writeRandom(tree, "big", 3 << 20, 1);
        SourceOffer offer = originator(2 << 20);
        CompletableFuture<FetchedTree> fetch = listener("one").fetch(job(offer), directory.resolve("ws"));
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.LIMIT))
                .hasMessageContaining("rsync")
                .hasMessageContaining("git");
    }

    @Test
    void aFileThatChangedAfterTheManifestIsAnErrorThatNamesIt() throws Exception {
        Trees.write(tree, "lib/stable.rb", "stable");
        Trees.write(tree, "lib/changing.rb", "before");
        SourceOffer offer = originator();
        Trees.write(tree, "lib/changing.rb", "AFTER!");
        CompletableFuture<FetchedTree> fetch = listener("one").fetch(job(offer), directory.resolve("ws"));
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("lib/changing.rb");
    }

    /** One that is gone for a moment, one with other content, and one of which the first pieces were sent already. */
    @Test
    void aFileThatIsBeingWrittenIsReadAgain() throws Exception {
        Trees.write(tree, "renamed", "is there again soon");
        Trees.write(tree, "rewritten", "what it is again soon");
        Trees.writeRandom(tree, "large", 5 << 20, 1);
        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);
        BlobSource files = BlobSource.of(tree, manifest);
        Map<String, AtomicInteger> opened = new ConcurrentHashMap<>();
        EventLoop loop = new EventLoop("test-originator");
        SourceOffer offer = SourceOffers.content(
                loop,
                run,
                manifest,
                ExcludePatterns.none(),
                digest -> {
                    int time = opened.computeIfAbsent(digest, sha -> new AtomicInteger())
                            .incrementAndGet();
                    InputStream whole = files.open(digest);
                    return time > 2 ? whole : halfWritten(whole, manifest, digest);
                },
                10 << 20);
        offer.prepare();
        attach(loop, offer);

        Peer.get(listener("one").fetch(job(offer), directory.resolve("ws")));

        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(Trees.content(tree));
        assertThat(opened.values()).hasSize(3).allMatch(times -> times.get() == 3);
    }

    private static InputStream halfWritten(InputStream whole, Manifest manifest, String digest) throws IOException {
        Manifest.Entry entry = manifest.blobs().get(Sha256.parse(digest));
        try (whole) {
            byte[] content = whole.readNBytes((int) entry.size() / 2);
            return switch (entry.path()) {
                case "renamed" -> throw new NoSuchFileException(entry.path());
                case "rewritten" -> new ByteArrayInputStream(new byte[(int) entry.size()]);
                default -> new ByteArrayInputStream(content);
            };
        }
    }

    @Test
    void aLargeFileThatChangedNeverArrivesWhole() throws Exception {
        Trees.writeRandom(tree, "big", 5 << 20, 1);
        SourceOffer offer = originator();
        Trees.writeRandom(tree, "big", 5 << 20, 2);
        CompletableFuture<FetchedTree> fetch = listener("one").fetch(job(offer), directory.resolve("ws"));
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("big");
    }

    @Test
    void aDamagedStoreIsRepaired() throws Exception {
        Trees.write(tree, "a", "content of a");
        Trees.write(tree, "b", "content of b");
        SourceOffer offer = originator();
        Peer.Listener listener = listener("one");
        Peer.get(listener.fetch(job(offer), directory.resolve("ws1")));
        byte[] content = "content of a".getBytes(StandardCharsets.UTF_8);
        Path stored = listener.store.path(Sha256.of(content, 0, content.length));
        Files.writeString(stored, "CONTENT OF A");

        Peer.get(listener.fetch(job(offer), directory.resolve("ws2")));

        assertThat(Trees.content(directory.resolve("ws2"))).isEqualTo(Trees.content(tree));
        assertThat(Files.readString(stored)).isEqualTo("content of a");
    }

    @Test
    void goesOnAfterTheConnectionWasLostInTheMiddle() throws Exception {
        for (int i = 0; i < 20; i++) {
            Trees.writeRandom(tree, "file" + i, 1 << 20, i);
        }
        Manifest manifest = TreeDigest.scan(tree, ExcludePatterns.none(), null);
        BlobSource files = BlobSource.of(tree, manifest);
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch broken = new CountDownLatch(1);
        EventLoop loop = new EventLoop("test-originator");
        SourceOffer offer = SourceOffers.content(
                loop,
                run,
                manifest,
                ExcludePatterns.none(),
                digest -> {
                    if (opened.incrementAndGet() == 6) {
                        awaitQuietly(broken);
                    }
                    return files.open(digest);
                },
                100 << 20);
        offer.prepare();
        attach(loop, offer);
        CompletableFuture<FetchedTree> fetch = listener("one").fetch(job(offer), directory.resolve("ws"));
        await().atMost(Peer.PATIENCE).until(() -> opened.get() >= 6);
        breakConnections();
        broken.countDown();

        Peer.get(fetch);
        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(Trees.content(tree));
    }

    @Test
    void contentWhoseSourceIsAwayIsSentWhenItIsBack() throws Exception {
        for (int i = 0; i < 20; i++) {
            Trees.writeRandom(tree, "file" + i, 1 << 19, i);
        }
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        List<String> expected = new java.util.concurrent.CopyOnWriteArrayList<>();
        EventLoop loop = new EventLoop("test-originator");
        SourceOffer offer = SourceOffers.content(
                loop,
                run,
                new Sync.Content(List.of(), 100 << 20),
                new SourceOffers.RemoteTree() {
                    @Override
                    public byte[] manifest() throws SyncException, InterruptedException {
                        return SourceOffers.manifest(tree, List.of(), null);
                    }

                    @Override
                    public BlobSource content(Manifest manifest) {
                        BlobSource files = BlobSource.of(tree, manifest);
                        return new BlobSource() {
                            @Override
                            public java.io.InputStream open(String digest) throws IOException {
                                if (opened.incrementAndGet() > 5 && refused.get() < 2) {
                                    refused.incrementAndGet();
                                    throw new BlobSource.AwayException("the agent is away", null);
                                }
                                return files.open(digest);
                            }

                            @Override
                            public void expect(List<String> digests) {
                                expected.addAll(digests);
                            }
                        };
                    }
                },
                Runnable::run);
        offer.prepare();
        attach(loop, offer);
        Peer.get(listener("one").fetch(job(offer), directory.resolve("ws")));
        assertThat(refused).hasValue(2);
        assertThat(expected).hasSizeGreaterThanOrEqualTo(20);
        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(Trees.content(tree));
    }

    @Test
    void anOriginatorThatDoesNotAnswerIsGivenUp() throws Exception {
        SyncSpec spec = new SyncSpec(
                SyncSpec.Kind.CONTENT,
                List.of(),
                "0".repeat(64),
                null,
                null,
                null,
                "distributed-test.run.x.content",
                "distributed-test.run.x.content-answers");
        CompletableFuture<FetchedTree> fetch = listener("one", Duration.ofSeconds(2))
                .fetch(new JobSource("x", "project", spec), directory.resolve("ws"));
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.TIMED_OUT));
    }

    @Test
    void shuttingDownEndsAFetch() throws Exception {
        SyncSpec spec = new SyncSpec(
                SyncSpec.Kind.CONTENT,
                List.of(),
                "0".repeat(64),
                null,
                null,
                null,
                "distributed-test.run.x.content",
                "distributed-test.run.x.content-answers");
        Peer.Listener listener = listener("one");
        CompletableFuture<FetchedTree> fetch =
                listener.fetch(new JobSource("x", "project", spec), directory.resolve("ws"));
        listener.fetcher.close();
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("shut down");
    }

    /** An originator that answers whatever is asked with messages of the test's. */
    private void hostile(List<ContentMessages.Packed> answers) {
        String queue = "distributed-test.run." + run + ".content";
        String exchange = "distributed-test.run." + run + ".content-answers";
        Peer peer = new Peer(
                address,
                session -> {
                    Channel channel = session.channel();
                    channel.exchangeDeclare(exchange, "direct", false, true, Map.of());
                    channel.queueDeclare(queue, false, true, true, Map.of());
                    channel.queueBind(queue, exchange, "keep");
                    session.consume(
                            channel,
                            queue,
                            true,
                            delivery -> answers.forEach(answer -> {
                                try {
                                    channel.basicPublish(
                                            exchange, ContentOffer.KEY, answer.properties(), answer.body());
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            }),
                            () -> {});
                },
                () -> {});
        open.add(0, peer);
        await().atMost(Peer.PATIENCE).until(() -> !peer.sessions.isEmpty());
    }

    private CompletableFuture<FetchedTree> fetchHostile(String digest) {
        SyncSpec spec = new SyncSpec(
                SyncSpec.Kind.CONTENT,
                List.of(),
                digest,
                null,
                null,
                null,
                "distributed-test.run." + run + ".content",
                "distributed-test.run." + run + ".content-answers");
        return listener("one").fetch(new JobSource(run, "project", spec), directory.resolve("ws"));
    }

    private static ContentMessages.Packed content(Sha256 sha, byte[] data) {
        ContentMessages.Packer packer = new ContentMessages.Packer();
        packer.add(sha, data.length, 0, data, 0, data.length);
        return packer.pack();
    }

    @Test
    void aManifestThatReachesOutsideIsRefused() throws Exception {
        byte[] manifest = ("l a\t/tmp\nf 1 " + "ab".repeat(32) + " a/x\n").getBytes(StandardCharsets.UTF_8);
        Sha256 digest = Sha256.of(manifest, 0, manifest.length);
        hostile(List.of(content(digest, manifest)));
        CompletableFuture<FetchedTree> fetch = fetchHostile(digest.toString());
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED));
        assertThat(directory.resolve("ws")).doesNotExist();
    }

    @Test
    void contentThatIsNotWhatItsDigestSaysNeverEntersTheStore() throws Exception {
        Sha256 digest = Sha256.parse("12".repeat(32));
        hostile(List.of(content(digest, "something else".getBytes(StandardCharsets.UTF_8))));
        CompletableFuture<FetchedTree> fetch = fetchHostile(digest.toString());
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("damaged");
        assertThat(directory.resolve("one/content/12")).doesNotExist();
    }

    @Test
    void aBombOfCompressionIsRefused() throws Exception {
        byte[] bomb = new byte[1 << 20];
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        deflater.setInput(new byte[64 << 20]);
        deflater.finish();
        int length = deflater.deflate(bomb);
        deflater.end();
        var properties = new AMQP.BasicProperties.Builder()
                .type(ContentMessages.CONTENT)
                .contentEncoding("deflate")
                .build();
        String digest = "12".repeat(32);
        hostile(List.of(new ContentMessages.Packed(properties, Arrays.copyOf(bomb, length))));
        CompletableFuture<FetchedTree> fetch = fetchHostile(digest);
        assertThatThrownBy(() -> Peer.get(fetch))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("inflates");
    }

    @Test
    void rubbishFromTheWireStopsNeitherSide() throws Exception {
        Trees.write(tree, "a", "content");
        SourceOffer offer = originator();
        Peer rude = new Peer(
                address,
                session -> {
                    Channel channel = session.channel();
                    for (String body :
                            List.of("", "{", "[]", "null", "{\"digests\":[\"../../etc/passwd\"]}", "{\"digests\":7}")) {
                        channel.basicPublish(
                                "", offer.spec().contentQueue(), null, body.getBytes(StandardCharsets.UTF_8));
                    }
                },
                () -> {});
        open.add(0, rude);
        await().atMost(Peer.PATIENCE).until(() -> !rude.sessions.isEmpty());

        Peer.get(listener("one").fetch(job(offer), directory.resolve("ws")));
        assertThat(Trees.content(directory.resolve("ws"))).isEqualTo(Trees.content(tree));
    }

    @Test
    void linksThatLeaveTheTreeTravelAndThoseIntoItLeadToTheCopy() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside.txt"), "outside");
        Files.createDirectories(tree.resolve("venv/bin"));
        Files.createSymbolicLink(tree.resolve("venv/bin/python"), Path.of("/usr/bin/python3"));
        Files.createSymbolicLink(tree.resolve("venv/bin/python3"), Path.of("python"));
        Files.createSymbolicLink(tree.resolve("venv/beside"), Path.of("../../outside.txt"));
        Files.createSymbolicLink(
                tree.resolve("venv/here"), tree.resolve("plain.txt").toAbsolutePath());
        SourceOffer offer = originator();
        Path workspace = directory.resolve("ws");

        Peer.get(listener("one").fetch(job(offer), workspace));

        assertThat(Files.readSymbolicLink(workspace.resolve("venv/bin/python"))).hasToString("/usr/bin/python3");
        assertThat(Files.readSymbolicLink(workspace.resolve("venv/bin/python3")))
                .hasToString("python");
        assertThat(workspace.resolve("venv/beside").toRealPath()).isEqualTo(outside.toRealPath());
        assertThat(Files.readSymbolicLink(workspace.resolve("venv/here"))).hasToString("../plain.txt");
    }

    @Test
    void anInterruptEndsAFetchAndLeavesNothingHalf() throws Exception {
        SyncSpec spec = new SyncSpec(
                SyncSpec.Kind.CONTENT,
                List.of(),
                "0".repeat(64),
                null,
                null,
                null,
                "distributed-test.run.x.content",
                "distributed-test.run.x.content-answers");
        Peer.Listener listener = listener("one");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                listener.fetcher.fetch(new JobSource("x", "p", spec), directory.resolve("ws"));
            } catch (Throwable e) {
                outcome.complete(e);
            }
        });
        thread.start();
        thread.interrupt();
        assertThat(Peer.get(outcome)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aFullDiskIsAnErrorAndLeavesTheStoreWhole() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()).start();
        Assumptions.assumeTrue(mount.waitFor() == 0, "a small file system can be mounted by root only");
        try {
            Trees.writeRandom(tree, "big", 2 << 20, 1);
            Peer.Listener listener = listener("small");
            SourceOffer first = originator();
            // The store takes it; there is no room for the workspace beside it.
            assertThatThrownBy(() -> Peer.get(listener.fetch(job(first), small.resolve("ws"))))
                    .isInstanceOf(SyncException.class)
                    .hasMessageContaining("big cannot be written")
                    .hasMessageContaining("No space left");
            Files.deleteIfExists(small.resolve("ws/big")); // a listener removes the whole workspace
            Peer.get(listener.fetch(job(first), directory.resolve("ws1")));
            assertThat(Trees.content(directory.resolve("ws1"))).isEqualTo(Trees.content(tree));

            Trees.writeRandom(tree, "bigger", 4 << 20, 2);
            SourceOffer second = originator();
            assertThatThrownBy(() -> Peer.get(listener.fetch(job(second), directory.resolve("ws2"))))
                    .isInstanceOf(SyncException.class)
                    .hasMessageContaining("its disk has");
            assertThat(small.resolve("content/tmp")).isEmptyDirectory();
        } finally {
            new ProcessBuilder("umount", "-l", small.toString()).start().waitFor();
        }
    }

    @Test
    void leavesNothingAtTheBroker() throws Exception {
        Trees.write(tree, "a", "content");
        SourceOffer offer = originator();
        Peer.get(listener("one").fetch(job(offer), directory.resolve("ws")));
        close();
        open.clear();

        Peer peer = new Peer(address, session -> {}, () -> {});
        open.add(peer);
        await().atMost(Peer.PATIENCE).until(() -> !peer.sessions.isEmpty());
        for (String what : List.of("queue", "exchange")) {
            CompletableFuture<Boolean> gone = peer.loop.submit(() -> {
                Channel channel = peer.sessions.get(0).channel();
                try {
                    if (what.equals("queue")) {
                        channel.queueDeclarePassive(offer.spec().contentQueue());
                    } else {
                        channel.exchangeDeclarePassive(offer.spec().contentExchange());
                    }
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
            assertThat(Peer.get(gone)).as(what + " is gone").isTrue();
        }
    }
}
