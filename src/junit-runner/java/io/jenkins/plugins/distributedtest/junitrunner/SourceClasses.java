package io.jenkins.plugins.distributedtest.junitrunner;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Finds the classes that were compiled from a source file: a build tool runs test classes, and a file may hold several,
 * or none of its own name. Each class file tells its source by its attribute {@code SourceFile} (JVMS 4.7.10).
 */
final class SourceClasses {
    /** What Surefire runs by default. */
    private static final Pattern UNIT = Pattern.compile("Test.*|.*Tests?|.*TestCase");
    /** What Failsafe runs by default. */
    private static final Pattern INTEGRATION = Pattern.compile("IT.*|.*IT|.*ITCase");

    /** By class file: each is read once for all files of its package, and again when it has changed. */
    private static final Map<Path, Compiled> COMPILED = new ConcurrentHashMap<>();

    private SourceClasses() {}

    /** What a class file said when it was read. */
    private static final class Compiled {
        private final FileTime modified;
        private final String source;

        Compiled(FileTime modified, String source) {
            this.modified = modified;
            this.source = source;
        }
    }

    /**
     * The classes at the top of a file, as its build tool would run them: of a Java file in a Maven build only those with
     * a name that Surefire or Failsafe looks for.
     *
     * @param prefix the package with a dot at its end; empty for none
     * @param file the source file's name
     * @return their names
     */
    static Set<String> of(String prefix, String file) {
        Set<String> names = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
            Path directory = Paths.get(entry, prefix.replace('.', '/'));
            boolean all = !file.endsWith(".java") || entry.replace('\\', '/').contains("/build/classes/");
            if (Files.isDirectory(Paths.get(entry)) && Files.isDirectory(directory)) {
                look(directory, prefix, file, all, names);
            }
        }
        return names;
    }

    private static void look(Path directory, String prefix, String file, boolean all, Set<String> names) {
        try (DirectoryStream<Path> classes = Files.newDirectoryStream(directory, "*.class")) {
            for (Path each : classes) {
                String name = each.getFileName().toString().replaceFirst("\\.class$", "");
                if (name.indexOf('$') < 0 && (all || isLookedFor(name, file)) && file.equals(compiledFrom(each))) {
                    names.add(prefix + name);
                }
            }
        } catch (IOException e) {
            return; // what cannot be read cannot be run either
        }
    }

    private static boolean isLookedFor(String name, String file) {
        String own = file.replaceFirst("\\.[^.]*$", "");
        Pattern pattern =
                INTEGRATION.matcher(own).matches() && !UNIT.matcher(own).matches() ? INTEGRATION : UNIT;
        return name.equals(own) || pattern.matcher(name).matches();
    }

    private static String compiledFrom(Path file) throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        Compiled known = COMPILED.get(file);
        if (known == null || !known.modified.equals(modified)) {
            known = new Compiled(modified, sourceOf(file));
            COMPILED.put(file, known);
        }
        return known.source;
    }

    /** Empty for what is no class file, which cannot be run either. */
    private static String sourceOf(Path file) {
        try {
            return ClassFile.read(file).source();
        } catch (IOException e) {
            return "";
        }
    }
}
