package io.jenkins.plugins.distributedtest.zuul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Zuul asks for: a job, and the parameters that say for which change.
 *
 * @param job name of the job, as Zuul knows it
 * @param label the label that a parameter function asked for ({@code ZUUL_NODE}); null if none did
 * @param unique Zuul's UUID of the request
 * @param parameters all parameters, in Zuul's order; see {@link #parse} for values that are not text
 */
public record ZuulRequest(String job, String label, String unique, Map<String, String> parameters) {
    /** The prefix of the functions that run jobs. */
    public static final String BUILD = "build:";

    private static final ObjectMapper JSON = Json.bounded(50).build();
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Copies the parameters, keeping their order. */
    public ZuulRequest {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(unique, "unique");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Reads a request. Zuul's own parameters are text, but its parameter functions may add anything: numbers and truth
     * values become their text, null becomes empty, lists and objects become their JSON.
     *
     * @param function the Gearman function, {@code build:JOB} or {@code build:JOB:LABEL}
     * @param unique Gearman's unique
     * @param payload Gearman's payload, a JSON object
     * @throws IOException if the function is no build, or the payload no JSON object; says which
     */
    public static ZuulRequest parse(String function, String unique, byte[] payload) throws IOException {
        if (!function.startsWith(BUILD) || function.length() == BUILD.length()) {
            throw new IOException("Not a function that runs a job: " + function);
        }
        String rest = function.substring(BUILD.length());
        Map<String, String> parameters = parameters(payload);
        String node = parameters.getOrDefault("ZUUL_NODE", "");
        // A job's name may hold colons itself, so only the label that the parameters name is taken off.
        boolean labelled = !node.isEmpty() && rest.endsWith(":" + node) && rest.length() > node.length() + 1;
        String job = labelled ? rest.substring(0, rest.length() - node.length() - 1) : rest;
        return new ZuulRequest(job, labelled ? node : null, unique, parameters);
    }

    private static Map<String, String> parameters(byte[] payload) throws IOException {
        JsonNode root = payload.length == 0 ? JSON.createObjectNode() : JSON.readTree(payload);
        if (root == null || !root.isObject()) {
            throw new IOException("The parameters of a request are not a JSON object");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        root.properties().forEach(field -> parameters.put(field.getKey(), text(field.getValue())));
        return parameters;
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** The request for a log: its job and unique, and for which project and change it is. */
    public String told() {
        String change = Stream.of("ZUUL_CHANGE_IDS", "ZUUL_CHANGES", "ZUUL_REF")
                .map(this::parameter)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return job + " " + unique + " for " + SafeText.printable((parameter("ZUUL_PROJECT") + " " + change).strip());
    }

    /** A parameter, or empty text. */
    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /**
     * The parameters that can be environment variables: those whose names are names of variables. NUL characters, which
     * no variable can hold, are left out of the values.
     */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (VARIABLE.matcher(name).matches()) {
                environment.put(name, value.replace("\0", ""));
            }
        });
        return environment;
    }
}
