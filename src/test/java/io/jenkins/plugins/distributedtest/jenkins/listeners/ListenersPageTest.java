package io.jenkins.plugins.distributedtest.jenkins.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.jenkins.build.Pages;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import io.jenkins.plugins.distributedtest.report.Chromium;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of listeners in a real browser, from a server that has what Jenkins has. */
class ListenersPageTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final String BROKERS = "document.querySelector('[data-dt-listeners]').innerText";

    @TempDir
    Path directory;

    private final AtomicReference<List<BrokerWatch.BrokerView>> known = new AtomicReference<>(List.of());
    private Pages pages;
    private Chromium browser;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.isInstalled(), "/usr/bin/chromium is not installed");
        browser = new Chromium(directory);
        pages = new Pages();
        pages.page(
                "/",
                "<main><div data-dt-listeners=\"/l/\" data-dt-configure=\"/configure\"></div></main>",
                List.of("jenkins/build/asking.css", "jenkins/listeners/listeners.css"),
                List.of("report/dom.js", "jenkins/build/asking.js", "jenkins/listeners/listeners.js"));
        pages.on("/theme.css", exchange -> Pages.send(exchange, 200, "text/css", ""));
        for (String path : List.of("/l/data", "/l/refresh")) {
            String method = path.endsWith("data") ? "GET" : "POST";
            pages.on(path, exchange -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                BrokerViews.write(known.get(), id -> null, NOW, out);
                boolean asked = exchange.getRequestMethod().equals(method);
                Pages.send(exchange, asked ? 200 : 405, "application/json", out.toString(StandardCharsets.UTF_8));
            });
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.open(URI.create("about:blank"));
            browser.close();
            pages.close();
        }
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
    }

    private static BrokerWatch.BrokerView broker(
            boolean asking, String problem, BrokerWatch.ListenerView... listeners) {
        return new BrokerWatch.BrokerView(
                "ci", "amqp://u@mq:5672", "team-a", asking, asking ? null : NOW, problem, List.of(listeners));
    }

    private static BrokerWatch.ListenerView listener(PingAnswer answer, boolean here, int secondsAgo) {
        return new BrokerWatch.ListenerView(answer, here, NOW.minusSeconds(secondsAgo));
    }

    @Test
    void showsWhoAnswersOnceTheBrokersWereAsked() throws Exception {
        known.set(List.of(broker(true, null)));
        browser.open(pages.uri("/"));
        await(() -> assertThat(browser.text(BROKERS)).contains("ci", "team-a", "Asking who is there"));
        known.set(List.of(broker(
                false,
                null,
                listener(
                        new PingAnswer("3f2a77c0-aa", "one<b>", "1.2", 8, 3, List.of("rspec", "pytest"), true, true),
                        true,
                        0),
                listener(new PingAnswer("", "two", "0.11.1", 2, -1, List.of(), false, true), true, 0),
                listener(
                        new PingAnswer("9b1e02d4-bb", "three", "1.2", 4, 0, List.of("rspec"), true, true),
                        false,
                        7300))));
        await(() -> assertThat(browser.text(BROKERS))
                .contains(
                        "2 listeners, 10 slots, 3 busy",
                        "one<b>",
                        "3f2a77c0",
                        "1.2",
                        "rspec, pytest",
                        "answers now",
                        "Ruby Gorgon listener",
                        "not told",
                        "2 hours ago"));
        assertThat(
                        browser.text(
                                "document.querySelectorAll('.dt-away').length + ' ' + document.querySelector('.dt-away').innerText"))
                .startsWith("1 ")
                .contains("three");
        assertThat(browser.text("document.querySelector('.dt-busy-fill').style.width"))
                .isEqualTo("37.5%");
        assertThat(pages.questions("/l/refresh")).isPositive();
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aBrokerThatCannotBeAskedIsToldInWords() throws Exception {
        known.set(List.of(
                broker(false, "Broker amqp://u@mq:5672 cannot be reached: Connection refused (is it running?)")));
        browser.open(pages.uri("/"));
        await(() -> assertThat(browser.text("document.querySelector('.jenkins-alert-danger').innerText"))
                .contains("Connection refused"));
        assertThat(browser.text(BROKERS)).doesNotContain("Nobody answers");
    }

    @Test
    void saysWhatToDoWhereThereIsNobodyOrNoBroker() throws Exception {
        browser.open(pages.uri("/"));
        await(() -> assertThat(browser.text(BROKERS)).contains("No broker is configured", "Configure one"));
        known.set(List.of(broker(false, null)));
        browser.open(pages.uri("/"));
        await(() -> assertThat(browser.text(BROKERS)).contains("Nobody answers", "distributed-test listen"));
        assertThat(browser.problems()).isEmpty();
    }
}
