package io.jenkins.plugins.distributedtest.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maven build for each test, which is run by Maven and by us. */
abstract class MavenFixture {
    @TempDir
    Path directory;

    BuildRuns runs;
    MavenModules modules;

    @BeforeEach
    final void start() throws IOException {
        modules = new MavenModules(directory);
        runs = modules.runs();
    }

    @AfterEach
    final void end() throws InterruptedException {
        modules.close();
    }

    /** The version of JUnit that these tests have themselves. */
    static String jupiterVersion() {
        return Test.class.getPackage().getImplementationVersion();
    }

    /** The dependency on it. */
    static String jupiter() {
        return MavenModules.framework(jupiterVersion());
    }
}
