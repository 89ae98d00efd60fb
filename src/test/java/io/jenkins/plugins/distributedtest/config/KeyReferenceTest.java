package io.jenkins.plugins.distributedtest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyReferenceTest {
    /** When it fails: the expected text is in the failure, ready to be put into the page. */
    @Test
    void the_reference_in_the_documentation_has_every_key_as_it_is() throws IOException {
        assertThat(Files.readString(Path.of("docs/configuration.md"))).contains(KeyReference.markdown());
    }

    @Test
    void every_default_is_a_value_of_its_key() throws ConfigException {
        for (Key key : Keys.all()) {
            if (key.defaultValue() != null) {
                Values.check(key, Json.tryParse(key.defaultValue()), key.name());
            }
        }
    }

    @Test
    void no_two_keys_share_an_environment_variable() {
        assertThat(Keys.all().stream().map(Key::environmentVariable)).doesNotHaveDuplicates();
    }
}
