package io.jenkins.plugins.distributedtest.junitrunner;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the {@code testX} methods of plain classes, as Surefire does in a module that has no test framework or JUnit 3.8: an
 * object for each, {@code setUp} before and {@code tearDown} after it where there are such. Whatever is thrown is a failure;
 * when it is thrown by one of these two, the class's other tests do not run.
 */
final class PojoRun {
    private final CaseSender sender;
    private final Class<?> test;
    private final List<Method> methods = new ArrayList<>();
    private Method setUp;
    private Method tearDown;
    private boolean bad;

    private PojoRun(CaseSender sender, Class<?> test) {
        this.sender = sender;
        this.test = test;
        for (Method each : test.getMethods()) {
            if (Modifier.isStatic(each.getModifiers())
                    || each.getReturnType() != void.class
                    || each.getParameterCount() > 0) {
                continue;
            }
            if (each.getName().startsWith("test")) {
                methods.add(each);
            } else if (each.getName().equals("setUp")) {
                setUp = each;
            } else if (each.getName().equals("tearDown")) {
                tearDown = each;
            }
        }
    }

    /** Whether a class is one that Surefire runs so. */
    static boolean takes(Class<?> candidate) {
        try {
            return candidate.getConstructor() != null && !ToldClasses.isOfJUnit3(candidate);
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /**
     * Runs those of a class.
     *
     * @return whether nothing went wrong
     * @throws ReflectiveOperationException if no object of it can be made, which ends Surefire's run
     */
    static boolean run(Class<?> test, CaseSender sender) throws ReflectiveOperationException {
        PojoRun run = new PojoRun(sender, test);
        for (Method each : run.methods) {
            if (!run.passesOn(each)) {
                break;
            }
        }
        return !run.bad;
    }

    /** Runs one; whether the next may run. */
    private boolean passesOn(Method method) throws ReflectiveOperationException {
        long began = System.nanoTime();
        Object object = test.getConstructor().newInstance();
        Throwable before = thrownBy(setUp, object);
        Throwable thrown = before != null ? before : thrownBy(method, object);
        Throwable after = before != null ? null : thrownBy(tearDown, object);
        if (thrown == null) {
            thrown = after;
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", test.getName() + "." + method.getName() + "()");
        told.put("class", test.getName());
        told.put("seconds", (System.nanoTime() - began) / 1e9);
        told.put("status", thrown == null ? "passed" : "failed");
        CaseListener.failure(told, thrown);
        bad |= thrown != null;
        sender.send(told);
        return before == null && after == null;
    }

    private static Throwable thrownBy(Method method, Object object) {
        if (method == null) {
            return null;
        }
        try {
            method.invoke(object);
            return null;
        } catch (InvocationTargetException e) {
            return e.getTargetException();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return e;
        }
    }
}
