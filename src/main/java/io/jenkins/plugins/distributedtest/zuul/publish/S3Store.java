package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A bucket, addressed by path ({@code ENDPOINT/BUCKET/NAME}), which every implementation of S3 understands. */
final class S3Store implements ObjectStore {
    private final PublishSettings.S3 settings;
    private final HttpSender sender;
    private final S3Signature signature;

    S3Store(PublishSettings.S3 settings, HttpSender sender) {
        this.settings = settings;
        this.sender = sender;
        signature = new S3Signature(settings.accessKey(), settings.secretKey(), settings.region());
    }

    @Override
    public CompletableFuture<Void> put(Path file, String name, String contentType) {
        String base = settings.endpoint().toString().replaceFirst("/+$", "");
        URI uri = URI.create(base + "/" + LogPath.encoded(settings.bucket() + "/" + settings.prefix() + name));
        return sender.send(() -> {
                    HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                            .timeout(HttpSender.REQUEST)
                            .PUT(HttpRequest.BodyPublishers.ofFile(file));
                    signature
                            .headers(
                                    "PUT",
                                    uri,
                                    Map.of("content-type", contentType),
                                    Sha256.of(file).toString(),
                                    Instant.now())
                            .forEach(request::header);
                    return request.build();
                })
                .thenAccept(answer -> {
                    if (answer.statusCode() / 100 != 2) {
                        throw new PublishException(
                                uri.getHost() + " did not take " + name + ": " + HttpSender.said(answer));
                    }
                });
    }
}
