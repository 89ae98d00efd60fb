package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZuulSourcesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ZUUL_URL", "http://zuul.example.org/p",
            "ZUUL_PROJECT", "openstack/nova",
            "ZUUL_REF", "refs/zuul/master/Z1fd4bf9f",
            "PATH", "/bin");

    @Test
    void areWhatZuulMerged() {
        assertThat(ZuulSources.of(ENVIRONMENT))
                .contains(new ZuulSources("http://zuul.example.org/p/openstack/nova", "refs/zuul/master/Z1fd4bf9f"));
    }

    @Test
    void aSlashAtTheEndOfTheUrlIsNotDoubled() {
        Map<String, String> slash = new HashMap<>(ENVIRONMENT);
        slash.put("ZUUL_URL", "http://zuul.example.org/p/");
        assertThat(ZuulSources.of(slash)).isEqualTo(ZuulSources.of(ENVIRONMENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZUUL_URL", "ZUUL_PROJECT", "ZUUL_REF"})
    void areNoneWithoutAllOfIt(String missing) {
        Map<String, String> less = new HashMap<>(ENVIRONMENT);
        less.remove(missing);
        assertThat(ZuulSources.of(less)).isEmpty();
        less.put(missing, "");
        assertThat(ZuulSources.of(less)).isEmpty();
    }
}
