package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reads a configuration file, this program's own or turbo-hipster's: one that has {@code zuul_server} is turbo-hipster's. The files
 * of the directory {@code conf_d} are merged over it in the order of their names: maps key by key, the lists {@code jobs}
 * and {@code plugins} by adding, where an entry replaces the one of the same name; any other value replaces the earlier one.
 */
public final class ExecutorFile {
    private static final List<String> JOINED = List.of("jobs", "plugins");

    private ExecutorFile() {}

    /** Reads one YAML file. */
    public interface Reader {
        /**
         * @return what it holds: maps, lists and scalars
         * @throws ConfigException if it cannot be read or is no YAML; names it
         */
        Object read(Path file) throws ConfigException;
    }

    /**
     * Reads a file and what belongs to it.
     *
     * @throws ConfigException if anything in it is wrong
     */
    public static ExecutorSettings read(Path file, Reader reader) throws ConfigException {
        Path absolute = file.toAbsolutePath().normalize();
        Map<String, Object> tree = map(reader.read(absolute), absolute);
        List<String> names = new ArrayList<>(List.of(file.getFileName().toString()));
        if (tree.get("conf_d") != null) {
            Path directory = absolute.resolveSibling(String.valueOf(tree.get("conf_d")));
            for (Path extra : extras(directory, file)) {
                tree = merged(tree, map(reader.read(extra), extra));
                names.add(directory.getFileName() + "/" + extra.getFileName());
            }
        }
        Section root = Section.of(tree, String.join(" with ", names), absolute.getParent());
        root.has("conf_d");
        return root.has("zuul_server") ? TurboHipsterSettings.read(root) : OwnSettings.read(root);
    }

    private static List<Path> extras(Path directory, Path file) throws ConfigException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(each -> !each.getFileName().toString().matches("\\..*|.*~"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigException(file + ": conf_d must be a directory that can be read, not " + directory);
        }
    }

    private static Map<String, Object> map(Object tree, Path file) throws ConfigException {
        if (!(tree instanceof Map<?, ?> map)) {
            throw new ConfigException(file + " must hold a map of keys, such as \"gearman:\"");
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private static Map<String, Object> merged(Map<?, ?> lower, Map<?, ?> upper) {
        Map<String, Object> result = new LinkedHashMap<>();
        lower.forEach((key, value) -> result.put(String.valueOf(key), value));
        upper.forEach((key, value) -> result.merge(String.valueOf(key), value == null ? "" : value, (a, b) -> {
            if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
                return merged(one, other);
            }
            if (JOINED.contains(String.valueOf(key)) && a instanceof List<?> one && b instanceof List<?> other) {
                return joined(one, other);
            }
            return b;
        }));
        return result;
    }

    private static List<Object> joined(List<?> lower, List<?> upper) {
        List<Object> result = new ArrayList<>(lower);
        for (Object each : upper) {
            result.removeIf(other -> identity(other) != null && Objects.equals(identity(other), identity(each)));
            result.add(each);
        }
        return result;
    }

    /** What Zuul calls a job: {@code function} in a legacy plugin, whose {@code name} is the plugin's. */
    private static Object identity(Object entry) {
        if (!(entry instanceof Map<?, ?> map)) {
            return null;
        }
        return map.get("function") != null ? map.get("function") : map.get("name");
    }
}
