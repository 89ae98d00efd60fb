package io.jenkins.plugins.distributedtest.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Answer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Offer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Part;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Place;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.sync.BlobSource;
import io.jenkins.plugins.distributedtest.sync.ContentMessages;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The originator's side alone: told what listeners say, it says what to answer. */
class CollectDeskTest {
    @TempDir
    Path project;

    private Path root;
    private CollectDesk desk;
    private boolean away;
    private long now;

    @BeforeEach
    void open() {
        open(1000);
    }

    private void open(long maxBytes) {
        root = project.resolve("collected");
        CollectedTree tree = new CollectedTree(project, root);
        desk = new CollectDesk(new Sink(tree), root.toString(), maxBytes);
        desk.begin();
    }

    /** A directory whose machine may be away. */
    private final class Sink implements CollectSink {
        private final CollectSink tree;

        Sink(CollectSink tree) {
            this.tree = tree;
        }

        private CollectSink there() throws IOException {
            if (away) {
                throw new BlobSource.AwayException("away", null);
            }
            return tree;
        }

        @Override
        public void begin() throws IOException {
            there().begin();
        }

        @Override
        public List<String> lacking(List<String> digests) throws IOException {
            return there().lacking(digests);
        }

        @Override
        public boolean write(String digest, long offset, long total, byte[] data) throws IOException {
            return there().write(digest, offset, total, data);
        }

        @Override
        public void place(String directory, List<CollectedFile> files) throws IOException {
            there().place(directory, files);
        }

        @Override
        public void end() throws IOException {
            there().end();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CollectedFile file(String path, byte[] content) {
        return new CollectedFile(path, content.length, Sha256.of(content).toString());
    }

    private static String share(String listener) {
        return "5ea5e000-0000-0000-0000-"
                + Sha256.of(bytes(listener)).toString().substring(0, 12);
    }

    private static Offer offer(String listener, int number, boolean last, CollectedFile... files) {
        return new Offer(
                listener, "host", share(listener), share(listener), number, Place.end(1), List.of(files), last, "");
    }

    private List<CollectDesk.To> say(Offer offer) throws WireException {
        ContentMessages.Packed message = CollectMessages.offer(offer);
        return desk.take(now, message.properties(), message.body());
    }

    private List<CollectDesk.To> send(String listener, byte[] content, Part part) throws WireException {
        ContentMessages.Packer packer = new ContentMessages.Packer();
        packer.add(Sha256.parse(part.digest()), content.length, part.from(), content, (int) part.from(), (int)
                part.length());
        ContentMessages.Packed message = CollectMessages.from(share(listener), packer.pack());
        return desk.take(now, message.properties(), message.body());
    }

    private static Answer only(List<CollectDesk.To> answers) {
        assertThat(answers).hasSize(1);
        return answers.get(0).answer();
    }

    private String directory(String listener) {
        return OfferedPlaces.directory(offer(listener, 1, false));
    }

    @Test
    void whatIsLackingIsAskedForAndThenTheFilesAreMade() throws Exception {
        byte[] content = bytes("data");
        Answer wanted = only(say(offer("a", 1, false, file("coverage/x", content), file("coverage/y", content))));
        assertThat(wanted.kind()).isEqualTo(Answer.Kind.WANT);
        assertThat(wanted.wanted()).containsExactly(new Part(file("", content).digest(), 0, 4));
        assertThat(only(send("a", content, wanted.wanted().get(0))).kind()).isEqualTo(Answer.Kind.DONE);

        assertThat(root.resolve(directory("a") + "/end/coverage/x")).hasContent("data");
        assertThat(root.resolve(directory("a") + "/end/coverage/y")).hasContent("data");
        assertThat(desk.report().files()).isEqualTo(2);
        assertThat(desk.report().bytes()).isEqualTo(4);
        assertThat(desk.ended()).isEmpty();
    }

    @Test
    void whatIsThereIsNotSentAgainWhoeverHasIt() throws Exception {
        byte[] content = bytes("data");
        send(
                "a",
                content,
                only(say(offer("a", 1, false, file("x", content)))).wanted().get(0));

        assertThat(only(say(offer("b", 1, true, file("z", content)))).kind()).isEqualTo(Answer.Kind.DONE);
        assertThat(root.resolve(directory("b") + "/end/z")).hasContent("data");
        assertThat(desk.ended()).containsExactly("b");
    }

    /** Each would send the same: one does, and the other hears that it is there. */
    @Test
    void whatAnotherIsSendingIsWaitedFor() throws Exception {
        byte[] content = bytes("data");
        Answer first = only(say(offer("a", 1, false, file("x", content))));
        assertThat(only(say(offer("b", 1, false, file("x", content)))).kind()).isEqualTo(Answer.Kind.WAIT);

        List<CollectDesk.To> answers = send("a", content, first.wanted().get(0));
        assertThat(answers).extracting(CollectDesk.To::token).containsExactly(share("a"), share("b"));
        assertThat(answers).extracting(to -> to.answer().kind()).containsOnly(Answer.Kind.DONE);
        assertThat(root.resolve(directory("b") + "/end/x")).hasContent("data");
    }

    /** A listener dies in the middle of a content that another has, too. */
    @Test
    void whoFallsSilentKeepsNobodyFromTheSameContent() throws Exception {
        byte[] content = bytes("data");
        Part all = only(say(offer("a", 1, false, file("x", content)))).wanted().get(0);
        send("a", content, new Part(all.digest(), 0, 2));
        now += TimeUnit.SECONDS.toNanos(25);

        Answer wanted = only(say(offer("b", 1, true, file("x", content))));
        assertThat(wanted.wanted()).containsExactly(all);
        // What the silent one has offered is there now as well.
        assertThat(send("b", content, all))
                .extracting(CollectDesk.To::token)
                .containsExactlyInAnyOrder(share("a"), share("b"));
        assertThat(desk.ended()).containsExactly("b");
    }

    @Test
    void anOfferThatIsSaidAgainIsAnsweredByWhereThingsStand() throws Exception {
        byte[] content = bytes("0123456789");
        Offer offer = offer("a", 1, true, file("x", content));
        String digest = file("x", content).digest();
        say(offer);
        assertThat(send("a", content, new Part(digest, 0, 6))).isEmpty();
        assertThat(send("a", content, new Part(digest, 0, 6))).isEmpty(); // a second time: no part of it counts

        Answer again = only(say(offer));
        assertThat(again.wanted()).containsExactly(new Part(digest, 6, 4));
        assertThat(only(send("a", content, new Part(digest, 6, 4))).kind()).isEqualTo(Answer.Kind.DONE);
        assertThat(only(say(offer)).kind()).isEqualTo(Answer.Kind.DONE);
        assertThat(desk.report().files()).isEqualTo(1);
    }

    @Test
    void noMoreThanAWindowIsAskedForAtATimeAndOnlyOfAFew() throws Exception {
        open(1L << 30);
        byte[] large = new byte[(int) CollectMessages.WINDOW + 100];
        new Random(1).nextBytes(large);
        Answer first = only(say(offer("a", 1, true, file("x", large))));
        assertThat(first.wanted()).extracting(Part::length).containsExactly(CollectMessages.WINDOW);
        for (int i = 1; i < CollectDesk.ACTIVE; i++) {
            assertThat(only(say(offer("l" + i, 1, true, file("x", bytes("of " + i)))))
                            .kind())
                    .isEqualTo(Answer.Kind.WANT);
        }
        assertThat(only(say(offer("late", 1, true, file("x", bytes("late"))))).kind())
                .isEqualTo(Answer.Kind.WAIT);

        List<CollectDesk.To> answers = new ArrayList<>();
        for (long at = 0; at < CollectMessages.WINDOW; at += 1 << 20) {
            int length = 1 << 20;
            ContentMessages.Piece piece = new ContentMessages.Piece(
                    Sha256.of(large),
                    large.length,
                    at,
                    java.util.Arrays.copyOfRange(large, (int) at, (int) at + length));
            answers.addAll(pieces("a", piece));
        }
        assertThat(only(answers).wanted())
                .containsExactly(new Part(file("x", large).digest(), CollectMessages.WINDOW, 100));
        List<CollectDesk.To> done = send("a", large, only(answers).wanted().get(0));
        assertThat(done).extracting(to -> to.answer().kind()).containsExactly(Answer.Kind.DONE, Answer.Kind.WANT);
        assertThat(done.get(1).token()).isEqualTo(share("late"));
    }

    private List<CollectDesk.To> pieces(String listener, ContentMessages.Piece piece) throws WireException {
        ContentMessages.Packer packer = new ContentMessages.Packer();
        List<CollectDesk.To> answers = new ArrayList<>();
        int at = 0;
        while (at < piece.data().length) {
            int length = Math.min(packer.room(), piece.data().length - at);
            packer.add(piece.sha(), piece.total(), piece.offset() + at, piece.data(), at, length);
            at += length;
            ContentMessages.Packed message = CollectMessages.from(share(listener), packer.pack());
            answers.addAll(desk.take(now, message.properties(), message.body()));
        }
        return answers;
    }

    @Test
    void moreThanTheLimitIsRefusedByNameForAll() throws Exception {
        byte[] content = new byte[600];
        say(offer("a", 1, false, file("first", content)));
        Answer refused = only(say(offer("b", 1, false, file("dir/second", new byte[700]))));

        assertThat(refused.kind()).isEqualTo(Answer.Kind.REFUSED);
        assertThat(refused.problem())
                .contains("limit of 1,000 bytes", "dir/second (700 bytes)", "host", "max_collected", "collect");
        assertThat(desk.report().problems()).containsExactly(refused.problem());
        assertThat(only(say(offer("a", 2, true))).kind()).isEqualTo(Answer.Kind.REFUSED);
        assertThat(desk.ended()).isEmpty();
    }

    @Test
    void offersThatCannotBeAreDropped() {
        List<Offer> wrong = List.of(
                offer("a", 1, false, file("../up", bytes("x"))),
                offer("a", 1, false, file("/etc/passwd", bytes("x"))),
                offer("a", 1, false, file("a/./b", bytes("x"))),
                offer(
                        "a",
                        1,
                        false,
                        new CollectedFile("x", -1, file("", bytes("x")).digest())),
                offer("a", 1, false, new CollectedFile("x", 1, "../../x")),
                offer("a", 0, false),
                offer("", 1, false),
                new Offer("a", "h", "../up", share("a"), 1, Place.end(1), List.of(), false, ""),
                new Offer("a", "h", share("a"), "amq.direct", 1, Place.end(1), List.of(), false, ""),
                new Offer("a", "h", share("a"), share("a"), 1, new Place("../../x", 1, 1), List.of(), false, ""),
                new Offer("a", "h", share("a"), share("a"), 1, Place.end(0), List.of(), false, ""));
        for (Offer each : wrong) {
            assertThatThrownBy(() -> say(each)).as(each.toString()).isInstanceOf(WireException.class);
        }
        assertThat(OfferedPlaces.directory(
                        new Offer("a", "../h/x", share("a"), "", 1, Place.end(1), List.of(), false, "")))
                .startsWith("h-x-");
        assertThatThrownBy(() -> desk.take(0, new AMQP.BasicProperties(), new byte[0]))
                .isInstanceOf(WireException.class);
    }

    @Test
    void contentThatComesDamagedIsAskedForAgainAndThenGivenUp() throws Exception {
        byte[] content = bytes("data");
        byte[] damaged = bytes("DATA");
        Part part = only(say(offer("a", 1, true, file("x", content)))).wanted().get(0);
        assertThat(only(send("a", damaged, part)).wanted()).containsExactly(part);
        assertThat(only(send("a", damaged, part)).wanted()).containsExactly(part);
        assertThat(only(send("a", damaged, part)).kind()).isEqualTo(Answer.Kind.REFUSED);
        assertThat(root.resolve(directory("a"))).doesNotExist();
    }

    @Test
    void whileTheMachineIsAwayFilesWait() throws Exception {
        byte[] content = bytes("data");
        Offer offer = offer("a", 1, true, file("x", content));
        Part part = only(say(offer)).wanted().get(0);
        away = true;
        assertThat(only(send("a", content, part)).kind()).isEqualTo(Answer.Kind.WAIT);
        assertThat(only(say(offer)).kind()).isEqualTo(Answer.Kind.WAIT);
        away = false;
        assertThat(only(say(offer)).wanted()).containsExactly(part);
        assertThat(only(send("a", content, part)).kind()).isEqualTo(Answer.Kind.DONE);
        assertThat(desk.report().problems()).isEmpty();
    }

    @Test
    void emptyFilesNeedNothingSent() throws Exception {
        assertThat(only(say(offer("a", 1, true, file("empty", new byte[0])))).kind())
                .isEqualTo(Answer.Kind.DONE);
        assertThat(root.resolve(directory("a") + "/end/empty")).isEmptyFile();
    }
}
