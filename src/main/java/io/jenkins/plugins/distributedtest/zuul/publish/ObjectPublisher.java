package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Puts logs into object storage, one after the other; the index page comes last, when what it leads to is there. */
final class ObjectPublisher implements Publisher {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "log", "text/plain; charset=utf-8",
            "txt", "text/plain; charset=utf-8",
            "xml", "application/xml",
            "json", "application/json",
            "css", "text/css",
            "js", "text/javascript",
            "png", "image/png",
            "svg", "image/svg+xml",
            "gz", "application/gzip");
    private static final Path INDEX = Path.of("index.html");

    private final ObjectStore store;
    private final Processes processes;

    ObjectPublisher(ObjectStore store, Processes processes) {
        this.store = store;
        this.processes = processes;
    }

    @Override
    public CompletableFuture<Void> publish(Path directory, List<Path> files, String logPath, ProcessContext context) {
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        List<Path> ordered = files.stream()
                .sorted((a, b) -> Boolean.compare(a.equals(INDEX), b.equals(INDEX)))
                .toList();
        for (Path file : ordered) {
            String name = logPath + "/" + file.toString().replace('\\', '/');
            last = last.thenComposeAsync(
                    done -> store.put(directory.resolve(file), name, type(file)), processes.pool());
        }
        return last;
    }

    static String type(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }
}
