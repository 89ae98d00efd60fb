package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import io.jenkins.plugins.distributedtest.files.NamePattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of a Test task that may have tests: of those that its patterns take, what is concrete and has annotations
 * or a parent that may have tests. Engines say in the end which have some; this leaves out what surely has none. Those of
 * TestNG are told from others as Gradle tells them, since TestNG would run what Gradle does not find.
 */
final class TaskClasses {
    /** As Gradle leaves them out. */
    private static final Pattern ANONYMOUS = Pattern.compile(".*\\$\\d+");
    /** What a compiler writes, or is no sign of a test. */
    private static final Pattern NO_SIGN = Pattern.compile(
            "L(?:java|kotlin/Metadata|kotlin/jvm|groovy|org/codehaus/groovy|org/jetbrains|scala)[/;].*|Lkotlin/Metadata;");
    /** Parents that bring no tests. */
    private static final Pattern NO_TESTS = Pattern.compile("(?:java|javax|kotlin|groovy/lang|scala)/.*");

    /** What makes a class one of TestNG, at one of its methods. */
    private static final Set<String> TESTNG_SIGNS = Stream.of(
                    "Test",
                    "BeforeSuite",
                    "AfterSuite",
                    "BeforeTest",
                    "AfterTest",
                    "BeforeGroups",
                    "AfterGroups",
                    "Factory")
            .map(TestNgTests::annotation)
            .collect(Collectors.toUnmodifiableSet());

    private final TestExecution task;
    private final boolean testNg;
    private final ClassPathClasses classPath;
    private final Map<String, Boolean> known = new HashMap<>();
    private final SourceFiles sources;

    private TaskClasses(TestExecution task) throws IOException {
        this.task = task;
        testNg = task.text("framework").equals("testng");
        classPath = new ClassPathClasses(task.list("classPath"));
        sources = SourceFiles.in(task.list("sources").stream().map(Path::of).toList());
    }

    /** Those of a task, in the order of their names. */
    static List<FoundClass> of(TestExecution task) throws IOException {
        return new TaskClasses(task).all();
    }

    private List<FoundClass> all() throws IOException {
        Map<String, Path> candidates = new TreeMap<>();
        for (String each : task.list("classFiles")) {
            String name = name(Path.of(each));
            if (name != null && !ANONYMOUS.matcher(name).matches()) {
                candidates.put(name, Path.of(each));
            }
        }
        Set<String> signs = new TreeSet<>();
        for (String name : candidates.keySet()) {
            if (mayHaveTests(name)) {
                // A class whose nested classes have tests has these.
                for (String at = name; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('$')))) {
                    signs.add(at);
                }
            }
        }
        List<FoundClass> found = new ArrayList<>();
        List<NamePattern> filter =
                task.list("includePatterns").stream().map(NamePattern::new).toList();
        for (Map.Entry<String, Path> each : candidates.entrySet()) {
            ClassFile read = ClassFile.read(each.getValue());
            String name = each.getKey().replace('/', '.');
            boolean sign = signs.contains(each.getKey())
                    || task.text("scanForTestClasses").equals("false");
            boolean meant = filter.isEmpty()
                    || filter.stream().anyMatch(pattern -> pattern.mayMatch(outer(name)) || pattern.mayMatch(name));
            if (read.isConcrete() && sign && meant) {
                found.add(new FoundClass(name, each.getValue(), sources.of(each.getKey(), read)));
            }
        }
        return found;
    }

    private static String outer(String name) {
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    /** The internal name by the place below a directory of classes; null if it is in none. */
    private String name(Path file) {
        for (String each : task.list("classesDirs")) {
            if (file.startsWith(each)) {
                String path = Path.of(each).relativize(file).toString().replace('\\', '/');
                return path.substring(0, path.length() - ".class".length());
            }
        }
        return null;
    }

    private boolean mayHaveTests(String name) throws IOException {
        Boolean answer = known.get(name);
        if (answer == null) {
            known.put(name, false); // should a class be its own parent
            answer = testNg ? lookForTestNg(name) : look(name);
            known.put(name, answer);
        }
        return answer;
    }

    private boolean look(String name) throws IOException {
        ClassFile file = classPath.inDirectories(name).orElse(null);
        if (file == null) {
            return !name.isEmpty() && !NO_TESTS.matcher(name).matches();
        }
        if (file.annotations().stream().anyMatch(each -> !NO_SIGN.matcher(each).matches())) {
            return true;
        }
        for (String parent : file.interfaces()) {
            if (mayHaveTests(parent)) {
                return true;
            }
        }
        return mayHaveTests(file.superclass());
    }

    /**
     * As Gradle finds classes of TestNG: annotated themselves or, unless they are abstract, at a method; or children of such.
     */
    private boolean lookForTestNg(String name) throws IOException {
        ClassFile file = classPath.anywhere(name).orElse(null);
        if (file == null) {
            return false;
        }
        boolean byMethod =
                !file.isAbstract() && file.methodAnnotations().stream().anyMatch(TESTNG_SIGNS::contains);
        return byMethod
                || file.ownAnnotations().contains(TestNgTests.annotation("Test"))
                || mayHaveTests(file.superclass());
    }
}
