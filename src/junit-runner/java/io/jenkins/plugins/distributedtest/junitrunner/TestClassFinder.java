package io.jenkins.plugins.distributedtest.junitrunner;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the test classes that a file stands for: of a source file, the class of its package line and name and what else
 * was {@linkplain SourceClasses compiled from it}; of a {@code .class} file, the class whose name its path ends with. Where
 * a build has {@linkplain ToldClasses told} which these are, these and no others.
 */
final class TestClassFinder {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\p{L}_$][\\p{L}\\p{N}_$.`]*)\\s*;?");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");
    private static final Pattern CLASS = Pattern.compile("(?m)^\\s*(?:[a-z@][\\w()\", ]*\\s+)*class\\s+([A-Z]\\w*)");

    private TestClassFinder() {}

    /** A file that stands for no class that can be loaded; the message is for people. */
    static final class NotFound extends Exception {
        private static final long serialVersionUID = 1L;

        NotFound(String message) {
            super(message);
        }
    }

    static List<Class<?>> find(String file) throws NotFound {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        List<Class<?>> classes = new ArrayList<>();
        List<String> told = ToldClasses.of(file);
        Collection<String> names = told.isEmpty() ? names(file) : told;
        StringBuilder problems = new StringBuilder();
        for (String name : names) {
            try {
                Class<?> found = Class.forName(name, false, loader);
                if (told.isEmpty() || ToldClasses.isRun(found)) {
                    classes.add(found);
                }
            } catch (ClassNotFoundException e) {
                if (!told.isEmpty()) {
                    problems.append("\n").append(name).append(": it is not on the class path");
                }
                continue; // told below, if no other name fits
            } catch (LinkageError e) {
                problems.append("\n").append(name).append(": ").append(e);
            }
        }
        boolean allFound = !told.isEmpty() && problems.length() == 0;
        if (!allFound && (classes.isEmpty() || !told.isEmpty())) {
            String looked = problems.length() > 0
                    ? "The class cannot be loaded:" + problems
                    : "No class " + String.join(" or ", names) + " is on the class path.";
            throw new NotFound(looked + "\nIs it compiled? The class path is:\n"
                    + System.getProperty("java.class.path").replace(File.pathSeparator, "\n"));
        }
        return classes;
    }

    /** Possible names, the likeliest first. */
    private static Set<String> names(String file) throws NotFound {
        Path path = Paths.get(file);
        String simple = path.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        Set<String> names = new LinkedHashSet<>();
        if (file.endsWith(".class")) {
            // From the whole path down to the file's name alone: where the root lies is not known.
            String whole = file.replaceFirst("\\.class$", "").replace('/', '.');
            for (int from = 0; from >= 0; from = whole.indexOf('.', from) < 0 ? -1 : whole.indexOf('.', from) + 1) {
                names.add(whole.substring(from));
            }
            return names;
        }
        String source;
        try {
            source = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new NotFound("The file cannot be read: " + e);
        }
        String code = COMMENT.matcher(source).replaceAll(" ");
        Matcher matcher = PACKAGE.matcher(code);
        String prefix = matcher.find() ? matcher.group(1).replace("`", "") + "." : "";
        names.add(prefix + simple);
        names.addAll(SourceClasses.of(prefix, path.getFileName().toString()));
        if (!file.endsWith(".java")) {
            // Kotlin, Groovy and Scala let a file hold classes of other names.
            Matcher others = CLASS.matcher(code);
            while (others.find()) {
                names.add(prefix + others.group(1));
            }
        }
        return names;
    }
}
