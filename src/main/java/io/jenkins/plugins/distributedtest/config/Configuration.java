package io.jenkins.plugins.distributedtest.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that is configured, from all its sources. Each source's keys win over those before it:
 * <ol>
 *   <li>the defaults of {@link Keys},
 *   <li>Gorgon's files: for an originator {@code gorgon.json}, then {@code gorgon_secret.json}; for a listener
 *       {@code gorgon_listener.json},
 *   <li>{@code distributed-test.json}, or the file given instead of it,
 *   <li>the environment: {@code RABBITMQ_URL} as Gorgon has it, then {@code DISTRIBUTED_TEST_BROKER}, then a variable
 *       per key,
 *   <li>{@code --set key=value}.
 * </ol>
 * An unknown key is an error in our file, on the command line and nowhere else: in Gorgon's files it is a warning,
 * since Gorgon ignores it and those files must go on working as they are.
 */
public final class Configuration {
    private static final String PREFIX = "DISTRIBUTED_TEST_";
    private static final String BROKER_VARIABLE = "RABBITMQ_URL";
    /** Variables with our prefix that are not keys: the launcher's and those of processes that a run starts. */
    private static final Set<String> RESERVED = Set.of(
            "BROKER",
            "BROKER_PASSWORD",
            "JAVA",
            "JAVA_OPTS",
            "JAR",
            "NO_ARCHIVE",
            "MARKER",
            "PORT",
            "TOKEN",
            "SLOT",
            "WORKSPACE",
            "RESULT_FILE",
            "RUNNER_CONFIG");

    /** Who asks: the two read different files of Gorgon's. */
    public enum Role {
        /** {@code run}, {@code ping}. */
        ORIGINATOR(List.of(ConfigFile.GORGON, ConfigFile.GORGON_SECRET)),
        /** {@code listen}. */
        LISTENER(List.of(ConfigFile.GORGON_LISTENER));

        private final List<ConfigFile> gorgons;

        Role(List<ConfigFile> gorgons) {
            this.gorgons = gorgons;
        }
    }

    private final Path directory;
    private final Layer layer = new Layer();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    private Configuration(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /**
     * Reads the configuration.
     *
     * @param directory the project's directory; relative paths are relative to it
     * @param file the file to read in place of {@code distributed-test.json}; null for that one, if it is there
     * @param role who asks
     * @param environment the process's environment
     * @param sets assignments {@code key=value} from the command line
     * @throws ConfigException if anything in it is wrong
     */
    public static Configuration load(
            Path directory, Path file, Role role, Map<String, String> environment, List<String> sets)
            throws ConfigException {
        Configuration configuration = new Configuration(directory);
        for (ConfigFile source : role.gorgons) {
            configuration.readIfThere(source);
        }
        if (file == null) {
            configuration.readIfThere(ConfigFile.OURS);
        } else if (Files.isRegularFile(configuration.directory.resolve(file))) {
            configuration.read(configuration.directory.resolve(file), ConfigFile.OURS, file.toString());
        } else {
            throw new ConfigException("There is no file " + configuration.directory.resolve(file)
                    + ". `distributed-test init` writes a distributed-test.json for a project");
        }
        configuration.readEnvironment(environment);
        configuration.readAssignments(sets);
        return configuration;
    }

    /** A configuration in which nothing is set, to try values on. */
    public static Configuration empty() {
        return new Configuration(Path.of(""));
    }

    private void readIfThere(ConfigFile source) throws ConfigException {
        Path file = directory.resolve(source.fileName());
        if (Files.exists(file)) {
            read(file, source, source.fileName());
        }
    }

    private void read(Path file, ConfigFile source, String name) throws ConfigException {
        layer.mergeFrom(Layer.of(Json.read(file, name, !source.isGorgons()), source, name, warnings));
        files.add(name);
    }

    /** Whether an environment variable of this name configures this program. */
    public static boolean isVariable(String name) {
        return name.startsWith(PREFIX) || name.equals(BROKER_VARIABLE);
    }

    private void readEnvironment(Map<String, String> environment) throws ConfigException {
        Layer variables = new Layer();
        for (String name : List.of(BROKER_VARIABLE, PREFIX + "BROKER")) {
            if (environment.containsKey(name)) {
                variables.putText("connection", environment.get(name), "Environment variable " + name);
            }
        }
        Map<String, Key> keys = new LinkedHashMap<>();
        Keys.all().forEach(key -> keys.put(key.environmentVariable(), key));
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (keys.containsKey(name)) {
                variables.putText(keys.get(name).name(), variable.getValue(), "Environment variable " + name);
            } else if (name.startsWith(PREFIX) && !RESERVED.contains(name.substring(PREFIX.length()))) {
                warnings.add("Environment variable " + name + " sets nothing. Did you mean "
                        + nearest(name, keys.keySet()) + "?");
            }
        }
        layer.mergeFrom(variables);
    }

    private static String nearest(String name, Set<String> names) {
        return names.stream()
                .min((a, b) -> Integer.compare(EditDistance.of(name, a), EditDistance.of(name, b)))
                .orElseThrow();
    }

    private void readAssignments(List<String> sets) throws ConfigException {
        Layer assignments = new Layer();
        for (String set : sets) {
            int equals = set.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("--set takes key=value, such as --set file_timeout=5m");
            }
            String name = set.substring(0, equals);
            assignments.putText(name, set.substring(equals + 1), "--set " + name);
        }
        layer.mergeFrom(assignments);
    }

    /** Says that an option of the command line sets a key: it wins over everything before. */
    public Configuration override(String key, String value, String option) throws ConfigException {
        Layer options = new Layer();
        options.putText(key, value, option);
        layer.mergeFrom(options);
        return this;
    }

    /** Says that an option of the command line sets a list, each value taken as it is. */
    public Configuration override(String key, List<String> values) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> list.add(TextNode.valueOf(value)));
        Layer options = new Layer();
        options.put(key, list);
        layer.mergeFrom(options);
        return this;
    }

    /** The project's directory, absolute. */
    public Path directory() {
        return directory;
    }

    /** The names of the files that were read, in order. */
    public List<String> files() {
        return List.copyOf(files);
    }

    /** What is odd but no error, for people. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Whether a key is set by any source: not by its default. */
    public boolean isSet(String name) {
        return layer.get(name) != null;
    }

    /**
     * The broker, from {@code connection}.
     *
     * @throws ConfigException if the keys for TLS contradict each other
     */
    public BrokerAddress broker() throws ConfigException {
        return BrokerSettings.address(this);
    }

    private JsonNode node(String name) {
        JsonNode value = layer.get(name);
        String byDefault = Keys.get(name).defaultValue();
        return value != null || byDefault == null ? value : Json.tryParse(byDefault);
    }

    /** A text, or null. */
    public String text(String name) {
        JsonNode value = node(name);
        return value == null ? null : value.textValue();
    }

    /** A list of texts, empty if there is none. */
    public List<String> texts(String name) {
        return texts(node(name));
    }

    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value != null) {
            value.forEach(element -> texts.add(element.textValue()));
        }
        return List.copyOf(texts);
    }

    /** A path made absolute, or null. */
    public Path path(String name) {
        String text = text(name);
        return text == null ? null : resolve(text);
    }

    /** A path as the configuration has it, made absolute. */
    Path resolve(String path) {
        boolean home = path.equals("~") || path.startsWith("~/");
        return directory
                .resolve(home ? System.getProperty("user.home") + path.substring(1) : path)
                .normalize();
    }

    /** A number, or null. */
    public Integer number(String name) {
        JsonNode value = node(name);
        return value == null ? null : value.intValue();
    }

    /** A flag, false if there is none. */
    public boolean flag(String name) {
        JsonNode value = node(name);
        return value != null && value.booleanValue();
    }

    /** A duration, or null. */
    public Duration duration(String name) {
        JsonNode value = node(name);
        return value == null ? null : Units.duration(value.asText());
    }

    /** A number of bytes, or null. */
    public Long size(String name) {
        JsonNode value = node(name);
        return value == null ? null : Units.size(value.asText());
    }

    /** An object of texts, in its order. */
    public Map<String, String> textMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        node(name).properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> map.put(member.getKey(), member.getValue().textValue()));
        return map;
    }

    /** An object of lists of texts, in its order. */
    public Map<String, List<String>> listMap(String name) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        node(name).properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> map.put(member.getKey(), texts(member.getValue())));
        return map;
    }

    /** The sub-projects that are set; null if the key is not set, so that they are to be found. */
    public List<SubProject> projects() {
        return Projects.of(node("projects"));
    }
}
