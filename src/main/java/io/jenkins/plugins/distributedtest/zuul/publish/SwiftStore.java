package io.jenkins.plugins.distributedtest.zuul.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.files.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A container of Swift. Keystone is asked for a token, which comes with the address of the storage; a token that Swift
 * no longer takes is replaced once per object.
 */
final class SwiftStore implements ObjectStore {

    private final PublishSettings.Swift settings;
    private final HttpSender sender;
    private CompletableFuture<Access> access; // guarded by this

    /** A token and where it is good for. */
    private record Access(String token, String storage) {}

    SwiftStore(PublishSettings.Swift settings, HttpSender sender) {
        this.settings = settings;
        this.sender = sender;
    }

    @Override
    public CompletableFuture<Void> put(Path file, String name, String contentType) {
        CompletableFuture<Access> current = access(null);
        return current.thenCompose(held -> send(held, file, name, contentType))
                .thenCompose(answer -> answer.statusCode() == 401
                        ? access(current).thenCompose(held -> send(held, file, name, contentType))
                        : CompletableFuture.completedFuture(answer))
                .thenAccept(answer -> {
                    if (answer.statusCode() / 100 != 2) {
                        throw new PublishException("Swift did not take " + name + ": " + HttpSender.said(answer));
                    }
                });
    }

    private CompletableFuture<HttpResponse<String>> send(Access held, Path file, String name, String contentType) {
        URI uri = URI.create(held.storage().replaceFirst("/+$", "") + "/"
                + LogPath.encoded(settings.container() + "/" + settings.prefix() + name));
        return sender.send(() -> HttpRequest.newBuilder(uri)
                .timeout(HttpSender.REQUEST)
                .header("X-Auth-Token", held.token())
                .header("Content-Type", contentType)
                .PUT(HttpRequest.BodyPublishers.ofFile(file))
                .build());
    }

    /** The access that is known, or a new one in place of one that is no longer good. */
    private synchronized CompletableFuture<Access> access(CompletableFuture<Access> old) {
        if (access == null || access == old || access.isCompletedExceptionally()) {
            access = logIn();
        }
        return access;
    }

    private CompletableFuture<Access> logIn() {
        boolean third =
                settings.keystone().authUrl().getPath().replaceFirst("/+$", "").endsWith("/v3");
        String base = settings.keystone().authUrl().toString().replaceFirst("/+$", "");
        URI uri = URI.create(base + (third ? "/auth/tokens" : "/tokens"));
        String body = (third ? thirdLogin() : secondLogin()).toString();
        return sender.send(() -> HttpRequest.newBuilder(uri)
                        .timeout(HttpSender.REQUEST)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build())
                .thenApply(answer -> third ? thirdAccess(answer) : secondAccess(answer));
    }

    private ObjectNode secondLogin() {
        ObjectNode root = Json.PLAIN.createObjectNode();
        ObjectNode auth = root.putObject("auth");
        auth.put("tenantName", settings.keystone().tenant());
        auth.putObject("passwordCredentials")
                .put("username", settings.keystone().user())
                .put("password", settings.keystone().password());
        return root;
    }

    private Access secondAccess(HttpResponse<String> answer) {
        JsonNode granted = read(answer).path("access");
        for (JsonNode service : granted.path("serviceCatalog")) {
            if (service.path("type").asText().equals("object-store")) {
                for (JsonNode endpoint : service.path("endpoints")) {
                    if (isOurs(endpoint)) {
                        return new Access(
                                granted.path("token").path("id").asText(),
                                endpoint.path("publicURL").asText());
                    }
                }
            }
        }
        throw noStorage();
    }

    private ObjectNode thirdLogin() {
        ObjectNode root = Json.PLAIN.createObjectNode();
        ObjectNode auth = root.putObject("auth");
        ObjectNode identity = auth.putObject("identity");
        identity.putArray("methods").add("password");
        ObjectNode user = identity.putObject("password").putObject("user");
        user.put("name", settings.keystone().user())
                .put("password", settings.keystone().password());
        user.putObject("domain").put("name", settings.keystone().domain());
        ObjectNode project = auth.putObject("scope").putObject("project");
        project.put("name", settings.keystone().tenant());
        project.putObject("domain").put("name", settings.keystone().domain());
        return root;
    }

    private Access thirdAccess(HttpResponse<String> answer) {
        JsonNode token = read(answer).path("token");
        for (JsonNode service : token.path("catalog")) {
            if (service.path("type").asText().equals("object-store")) {
                for (JsonNode endpoint : service.path("endpoints")) {
                    if (endpoint.path("interface").asText().equals("public") && isOurs(endpoint)) {
                        return new Access(
                                answer.headers().firstValue("X-Subject-Token").orElse(""),
                                endpoint.path("url").asText());
                    }
                }
            }
        }
        throw noStorage();
    }

    private boolean isOurs(JsonNode endpoint) {
        return settings.region() == null || endpoint.path("region").asText().equals(settings.region());
    }

    private PublishException noStorage() {
        return new PublishException("Keystone names no object-store"
                + (settings.region() == null ? "" : " in region " + settings.region()));
    }

    private static JsonNode read(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new PublishException("Keystone refused the login: HTTP status " + answer.statusCode());
        }
        try {
            return Json.PLAIN.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new PublishException("What Keystone answered is not JSON");
        }
    }
}
