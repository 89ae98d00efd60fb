package io.jenkins.plugins.distributedtest.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one source (a file, the environment, the command line) by full key name, each checked. Laying one over
 * another is what "deep-merged" means: keys of the upper one win, members of maps are merged one by one, and null
 * takes a value away.
 */
final class Layer {
    private final Map<String, JsonNode> values = new LinkedHashMap<>();

    /**
     * Checks a file's object.
     *
     * @param source which file it is
     * @param where the file's name for messages
     * @param warnings gets what is odd in one of Gorgon's files and ignored, as Gorgon does
     */
    static Layer of(ObjectNode object, ConfigFile source, String where, List<String> warnings) throws ConfigException {
        Layer layer = new Layer();
        layer.add("", object, source, where, warnings);
        return layer;
    }

    private void add(String prefix, ObjectNode object, ConfigFile source, String where, List<String> warnings)
            throws ConfigException {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = prefix + member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("connection") && value.isTextual()) {
                putUri(value.textValue(), where);
            } else if (Keys.isGroup(name)) {
                if (!value.isObject()) {
                    throw notAGroup(name, where);
                }
                add(name + ".", (ObjectNode) value, source, where, warnings);
            } else {
                addKey(name, value, source, where, warnings);
            }
        }
    }

    private void addKey(String name, JsonNode value, ConfigFile source, String where, List<String> warnings)
            throws ConfigException {
        Key key = Keys.find(name);
        if (key != null && key.places().contains(source)) {
            put(key, value, where);
            return;
        }
        String problem = key != null
                ? where + ": " + name + " does not belong here but in " + ConfigFile.OURS.fileName() + "."
                : unknown(name, where);
        if (!source.isGorgons()) {
            throw new ConfigException(problem);
        }
        warnings.add(problem + " Gorgon ignores it, and so do we.");
    }

    private static ConfigException notAGroup(String name, String where) {
        String members = String.join(
                ", ",
                Keys.all().stream()
                        .map(Key::name)
                        .filter(k -> k.startsWith(name + "."))
                        .toList());
        String uri = name.equals("connection") ? " or a text such as \"amqp://user:password@host:5672/vhost\"" : "";
        return new ConfigException(where + ": " + name + " must be an object" + uri + "; its keys are " + members);
    }

    /** The message for a key that there is not. */
    static String unknown(String name, String where) {
        String key = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return where + ": unknown key " + key + ". Did you mean " + Keys.nearest(name) + "?";
    }

    private void put(Key key, JsonNode value, String where) throws ConfigException {
        values.put(key.name(), value.isNull() ? value : Values.check(key, value, where));
    }

    /** Sets a key given as text, as on the command line; a dotted name may go on into a map. */
    void putText(String name, String text, String where) throws ConfigException {
        if (name.equals("connection")) {
            putUri(text, where);
            return;
        }
        Key key = Keys.find(name);
        if (key != null) {
            values.put(key.name(), Values.fromText(key, text, where));
            return;
        }
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            Key map = Keys.find(name.substring(0, dot));
            if (map != null && map.isMap()) {
                putMember(map, name.substring(dot + 1), text, where);
                return;
            }
        }
        throw new ConfigException(
                Keys.isGroup(name)
                        ? where + ": " + name + " is a group of keys; set one of them, such as "
                                + Keys.all().stream()
                                        .map(Key::name)
                                        .filter(k -> k.startsWith(name + "."))
                                        .findFirst()
                                        .orElseThrow()
                        : unknown(name, where));
    }

    private void putMember(Key map, String member, String text, String where) throws ConfigException {
        ObjectNode object =
                values.get(map.name()) instanceof ObjectNode there ? there : JsonNodeFactory.instance.objectNode();
        object.set(member, Values.memberFromText(map, member, text, where));
        values.put(map.name(), object);
    }

    /** Sets a key whose value is known to be right. */
    void put(String name, JsonNode value) {
        values.put(Keys.get(name).name(), value);
    }

    /** A URI says all but which certificates to trust and to show; what it does not say goes back to its default. */
    private void putUri(String uri, String where) throws ConfigException {
        BrokerAddress address;
        try {
            address = BrokerAddress.parse(uri);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + (uri.isBlank() ? ": empty" : ": not an AMQP URI (" + e.getMessage() + ")")
                    + ". It is amqp://user:password@host:port/vhost, or amqps:// for TLS; special"
                    + " characters in user, password and vhost are percent-encoded");
        }
        values.put("connection.host", TextNode.valueOf(address.host()));
        values.put("connection.port", IntNode.valueOf(address.port()));
        values.put("connection.vhost", TextNode.valueOf(address.virtualHost()));
        values.put("connection.username", TextNode.valueOf(address.username()));
        values.put("connection.password", TextNode.valueOf(address.password()));
        values.put("connection.tls", BooleanNode.valueOf(address.tls() != null));
        if (address.tls() != null) {
            putTls(address.tls());
        }
    }

    private void putTls(Tls tls) {
        if (tls.caFile() != null) {
            ArrayNode files =
                    JsonNodeFactory.instance.arrayNode().add(tls.caFile().toString());
            values.put("connection.tls_ca_certificates", files);
        }
        if (tls.certificateFile() != null) {
            values.put(
                    "connection.tls_cert",
                    TextNode.valueOf(tls.certificateFile().toString()));
            values.put("connection.tls_key", TextNode.valueOf(tls.keyFile().toString()));
        }
        if (tls.fingerprint() != null) {
            values.put("connection.tls_fingerprint", TextNode.valueOf(tls.fingerprint()));
        }
    }

    /** Lays another one over this one. */
    void mergeFrom(Layer upper) {
        upper.values.forEach((name, value) -> values.merge(name, value, Layer::merged));
    }

    private static JsonNode merged(JsonNode lower, JsonNode upper) {
        if (lower instanceof ObjectNode below && upper instanceof ObjectNode above) {
            ObjectNode both = below.deepCopy();
            both.setAll(above);
            return both;
        }
        return upper;
    }

    /** The value of a key, or null if it is not set. */
    JsonNode get(String name) {
        JsonNode value = values.get(Keys.get(name).name());
        return value == null || value instanceof NullNode ? null : value;
    }
}
