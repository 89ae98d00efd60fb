package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZuulRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check-change",
                "gate-2-ahead-node-offline",
                "periodic",
                "post-branch-deleted",
                "post-ref-updated",
                "release-tag"
            })
    void readsWhatZuulSends(String sample) throws IOException {
        JsonNode packet;
        try (InputStream in = getClass().getResourceAsStream("/zuul-requests/" + sample + ".json")) {
            packet = JSON.readTree(in);
        }
        JsonNode arguments = packet.get("arguments");
        ZuulRequest request = ZuulRequest.parse(
                packet.get("function").asText(),
                packet.get("unique").asText(),
                arguments.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(request.parameter("ZUUL_UUID")).isEqualTo(request.unique());
        assertThat(request.parameters()).hasSize(arguments.size());
        arguments
                .properties()
                .forEach(field -> assertThat(request.parameter(field.getKey()))
                        .isEqualTo(field.getValue().asText()));
        assertThat(request.environment()).isEqualTo(request.parameters());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "build:x, -, x, -",
                "build:x:precise, precise, x, precise",
                "build:a:b, -, a:b, -",
                "build:a:b:c, c, a:b, c",
                "build:precise, precise, precise, -"
            })
    void takesTheLabelOffTheFunction(String function, String node, String job, String label) throws IOException {
        String payload = node == null ? "{}" : "{\"ZUUL_NODE\": \"" + node + "\"}";
        ZuulRequest request = parse(function, payload);
        assertThat(request.job()).isEqualTo(job);
        assertThat(request.label()).isEqualTo(label);
    }

    @Test
    void readsParametersThatAreNotText() throws IOException {
        ZuulRequest request = parse(
                "build:x",
                "{\"n\": 1, \"f\": 1.50, \"t\": true, \"nothing\": null, \"list\": [1, \"a\"], \"map\": {\"k\": \"v\"}}");
        assertThat(request.parameters().toString())
                .isEqualTo("{n=1, f=1.5, t=true, nothing=, list=[1,\"a\"], map={\"k\":\"v\"}}");
    }

    @Test
    void makesAnEnvironmentOfWhatCanBeOne() throws IOException {
        ZuulRequest request =
                parse("build:x", "{\"OK_1\": \"a\\u0000b\", \"with space\": \"x\", \"a=b\": \"x\", \"\": \"x\"}");
        assertThat(request.environment().toString()).isEqualTo("{OK_1=ab}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[]", "null", "\"text\"", "{} {}", "{\"a\":"})
    void refusesPayloadsThatAreNoObject(String payload) {
        assertThatThrownBy(() -> parse("build:x", payload)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesOtherFunctions() {
        assertThatThrownBy(() -> parse("stop:x", "{}")).hasMessageContaining("stop:x");
        assertThatThrownBy(() -> parse("build:", "{}")).hasMessageContaining("build:");
    }

    private static ZuulRequest parse(String function, String payload) throws IOException {
        return ZuulRequest.parse(function, "u", payload.getBytes(StandardCharsets.UTF_8));
    }
}
