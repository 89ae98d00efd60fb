package io.jenkins.plugins.distributedtest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyReferenceTest {
    /** When it fails: the expected text is in the failure, ready to be put into the page. */
    @Test
    void theReferenceInTheDocumentationHasEveryKeyAsItIs() throws IOException {
        assertThat(Files.readString(Path.of("docs/configuration.md"))).contains(KeyReference.markdown());
    }

    @Test
    void everyDefaultIsAValueOfItsKey() throws ConfigException {
        for (Key key : Keys.all()) {
            if (key.defaultValue() != null) {
                Values.check(key, Json.tryParse(key.defaultValue()), key.name());
            }
        }
    }

    @Test
    void noTwoKeysShareAnEnvironmentVariable() {
        assertThat(Keys.all().stream().map(Key::environmentVariable)).doesNotHaveDuplicates();
    }
}
