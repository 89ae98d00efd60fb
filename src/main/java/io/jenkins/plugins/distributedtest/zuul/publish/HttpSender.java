package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sends requests to object storage, again after a pause where that may help. No thread waits for an answer. */
final class HttpSender {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    static final Duration REQUEST = Duration.ofMinutes(5);
    private static final int TRIES = 4;
    private static final int SHOWN = 200;

    private final HttpClient client;
    private final Processes processes;
    private final Duration pause;

    HttpSender(Processes processes) {
        this(processes, Duration.ofSeconds(1));
    }

    HttpSender(Processes processes, Duration pause) {
        this.processes = processes;
        this.pause = pause;
        client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .executor(processes.pool())
                .build();
    }

    /** Makes a request, anew for each attempt: it may hold the time. */
    interface Making {
        HttpRequest make() throws IOException;
    }

    /**
     * Sends a request, up to {@value #TRIES} times while the server fails, is busy, or cannot be reached.
     *
     * @return the answer, whatever its status below 500 but 429; the failure of the last attempt otherwise
     */
    CompletableFuture<HttpResponse<String>> send(Making request) {
        return attempt(request, 1);
    }

    private CompletableFuture<HttpResponse<String>> attempt(Making request, int number) {
        return processes
                .pool()
                .submit(request::make)
                .thenCompose(made -> client.sendAsync(made, HttpResponse.BodyHandlers.ofString()))
                .handle((answer, problem) -> {
                    boolean again = problem != null
                            ? isPassing(problem)
                            : answer.statusCode() >= 500 || answer.statusCode() == 429;
                    if (again && number < TRIES) {
                        return later(number).thenCompose(due -> attempt(request, number + 1));
                    }
                    return problem == null
                            ? CompletableFuture.completedFuture(answer)
                            : CompletableFuture.<HttpResponse<String>>failedFuture(problem);
                })
                .thenCompose(outcome -> outcome);
    }

    private static boolean isPassing(Throwable problem) {
        return (problem instanceof CompletionException ? problem.getCause() : problem) instanceof IOException;
    }

    private CompletableFuture<Void> later(int number) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        processes.loop().schedule(pause.multipliedBy(1L << (number - 1)), () -> due.complete(null));
        return due;
    }

    /** What a server said, for a message. */
    static String said(HttpResponse<String> answer) {
        String body = answer.body().replaceAll("\\s+", " ").strip();
        return "HTTP status " + answer.statusCode()
                + (body.isEmpty() ? "" : ": " + (body.length() > SHOWN ? body.substring(0, SHOWN) + "…" : body));
    }
}
