package io.jenkins.plugins.distributedtest.originator;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;

/** Writes and reads the settings of a run. Durations are written as ISO 8601 has them. */
final class SettingsCodec {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .addModule(durations())
            .addMixIn(Sync.class, SyncForm.class)
            .addMixIn(Sync.FileServer.class, FileServerForm.class)
            .build();

    private SettingsCodec() {}

    /** The kinds of sync are told apart by their names. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Sync.Content.class, name = "content"),
        @JsonSubTypes.Type(value = Sync.Rsync.class, name = "rsync"),
        @JsonSubTypes.Type(value = Sync.Git.class, name = "git"),
        @JsonSubTypes.Type(value = Sync.None.class, name = "none"),
    })
    private interface SyncForm {}

    /** And so are the ways to a file server. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Sync.Daemon.class, name = "daemon"),
        @JsonSubTypes.Type(value = Sync.OverSsh.class, name = "ssh"),
    })
    private interface FileServerForm {}

    static byte[] write(RunSettings settings) {
        try {
            return MAPPER.writeValueAsBytes(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static RunSettings read(byte[] json) throws WireException {
        try {
            RunSettings settings = MAPPER.readValue(json, RunSettings.class);
            if (settings == null || settings.sync() == null || settings.runners() == null) {
                throw new WireException("Not the settings of a run: something is missing");
            }
            return settings;
        } catch (WireException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WireException("Not the settings of a run: " + e.getMessage(), e);
        }
    }

    private static SimpleModule durations() {
        SimpleModule module = new SimpleModule();
        module.addSerializer(Duration.class, new StdSerializer<>(Duration.class) {
            private static final long serialVersionUID = 1L;

            @Override
            public void serialize(Duration value, JsonGenerator to, SerializerProvider provider) throws IOException {
                to.writeString(value.toString());
            }
        });
        module.addDeserializer(Duration.class, new StdDeserializer<>(Duration.class) {
            private static final long serialVersionUID = 1L;

            @Override
            public Duration deserialize(JsonParser from, DeserializationContext context) throws IOException {
                String text = from.getText();
                try {
                    return Duration.parse(text);
                } catch (DateTimeException e) {
                    return (Duration) context.handleWeirdStringValue(Duration.class, text, "not a duration");
                }
            }
        });
        return module;
    }
}
