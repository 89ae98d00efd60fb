package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.runner.GoPackages;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that stand for the packages of a module of Go, by their import paths.
 *
 * @param directory the module's
 * @param module its path
 */
record GoUnits(Path directory, String module) {
    private static final Pattern MODULE = Pattern.compile("(?m)^module\\s+[\"`]?([^\\s\"`]+)");

    /** Those of the module in a directory. */
    static GoUnits of(Path directory) throws IOException {
        Path file = directory.resolve("go.mod");
        Matcher module = MODULE.matcher(
                Files.isRegularFile(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "");
        return new GoUnits(directory, module.find() ? module.group(1) : "");
    }

    /** The file of a package, relative to the module; null if it is of another, or has none. */
    String unit(String importPath) {
        boolean inside = importPath.equals(module) || importPath.startsWith(module + "/");
        if (!inside) {
            return null;
        }
        try {
            String below = importPath.equals(module) ? "" : importPath.substring(module.length() + 1);
            TestFile unit = GoPackages.unitIn(directory, below);
            return unit == null ? null : unit.path();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
