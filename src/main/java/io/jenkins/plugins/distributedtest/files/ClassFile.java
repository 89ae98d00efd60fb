package io.jenkins.plugins.distributedtest.files;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a class file tells of itself (JVMS 4), as far as tests are found by it. Also a part of the junit runner, so it is
 * written for Java 8 and uses nothing else.
 */
public final class ClassFile {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int INTERFACE = 0x0200;
    private static final int ABSTRACT = 0x0400;
    private static final int SYNTHETIC = 0x1000;
    private static final int MODULE = 0x8000;

    private final DataInputStream in;
    private String[] texts = new String[0];
    private int[] names = new int[0];
    private int access;
    private String superclass = "";
    private String source = "";
    private final List<String> interfaces = new ArrayList<>();
    private final Set<String> ofFields = new LinkedHashSet<>();
    private final Set<String> ofMethods = new LinkedHashSet<>();
    private final Set<String> own = new LinkedHashSet<>();

    private ClassFile(DataInputStream in) {
        this.in = in;
    }

    /**
     * Reads a class file.
     *
     * @throws IOException if it cannot be read or is none
     */
    public static ClassFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) { // this class is also the JUnit runner's, which has no other of its package
            throw new IOException(file + " is no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    /**
     * Reads a class file.
     *
     * @param from takes it from here, and leaves it open
     * @param name what it is called in messages
     * @throws IOException if it cannot be read or is none
     */
    public static ClassFile read(InputStream from, String name) throws IOException {
        try {
            ClassFile read = new ClassFile(new DataInputStream(new BufferedInputStream(from)));
            read.whole();
            return read;
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(name + " is no class file", e);
        }
    }

    /** The name of the source file that it was compiled from, without directories; empty if it tells none. */
    public String source() {
        return source;
    }

    /** The internal name of its superclass, such as {@code java/lang/Object}; empty if it has none. */
    public String superclass() {
        return superclass;
    }

    /** Whether a text is among its constants: a name, a descriptor, an annotation's element. */
    public boolean mentions(String text) {
        for (String each : texts) {
            if (text.equals(each)) {
                return true;
            }
        }
        return false;
    }

    /** The internal names of its interfaces. */
    public List<String> interfaces() {
        return Collections.unmodifiableList(interfaces);
    }

    /** The descriptors of the annotations, visible when it runs, on itself, its fields and its methods. */
    public Set<String> annotations() {
        Set<String> all = new LinkedHashSet<>(ofFields);
        all.addAll(ofMethods);
        all.addAll(own);
        return all;
    }

    /** The descriptors of those on itself alone. */
    public Set<String> ownAnnotations() {
        return Collections.unmodifiableSet(own);
    }

    /** The descriptors of those on its methods and constructors alone. */
    public Set<String> methodAnnotations() {
        return Collections.unmodifiableSet(ofMethods);
    }

    /** Whether objects can be made of it: it is a class, written by somebody, and not abstract. */
    public boolean isConcrete() {
        return (access & (INTERFACE | ABSTRACT | SYNTHETIC | MODULE)) == 0;
    }

    /** Whether it is abstract; interfaces are. */
    public boolean isAbstract() {
        return (access & ABSTRACT) != 0;
    }

    private void whole() throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("This is no class file");
        }
        in.readInt(); // version
        constants();
        access = in.readUnsignedShort();
        in.readUnsignedShort(); // its own name
        superclass = name(in.readUnsignedShort());
        for (int i = in.readUnsignedShort(); i > 0; i--) {
            interfaces.add(name(in.readUnsignedShort()));
        }
        members(ofFields);
        members(ofMethods);
        attributes(own);
    }

    private String name(int index) {
        return index == 0 ? "" : texts[names[index]];
    }

    /** The constant pool: texts, and for classes the indices of their names. */
    private void constants() throws IOException {
        texts = new String[in.readUnsignedShort()];
        names = new int[texts.length];
        for (int i = 1; i < texts.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1:
                    texts[i] = in.readUTF();
                    break;
                case 5: // long
                case 6: // double: both take two places
                    skip(8);
                    i++;
                    break;
                case 7: // class
                    names[i] = in.readUnsignedShort();
                    break;
                case 8: // string
                case 16: // method type
                case 19: // module
                case 20: // package
                    skip(2);
                    break;
                case 15: // method handle
                    skip(3);
                    break;
                default:
                    skip(4);
                    break;
            }
        }
    }

    private void members(Set<String> found) throws IOException {
        for (int i = in.readUnsignedShort(); i > 0; i--) {
            skip(6); // access, name, descriptor
            attributes(found);
        }
    }

    private void attributes(Set<String> found) throws IOException {
        for (int i = in.readUnsignedShort(); i > 0; i--) {
            String attribute = texts[in.readUnsignedShort()];
            int length = in.readInt();
            if ("SourceFile".equals(attribute)) {
                source = texts[in.readUnsignedShort()];
            } else if ("RuntimeVisibleAnnotations".equals(attribute)) {
                for (int j = in.readUnsignedShort(); j > 0; j--) {
                    found.add(annotation());
                }
            } else {
                skip(length);
            }
        }
    }

    /** Its descriptor. */
    private String annotation() throws IOException {
        String type = texts[in.readUnsignedShort()];
        for (int i = in.readUnsignedShort(); i > 0; i--) {
            in.readUnsignedShort(); // the element's name
            value();
        }
        return type;
    }

    private void value() throws IOException {
        int tag = in.readUnsignedByte();
        if (tag == 'e') {
            skip(4);
        } else if (tag == '@') {
            annotation();
        } else if (tag == '[') {
            for (int i = in.readUnsignedShort(); i > 0; i--) {
                value();
            }
        } else {
            skip(2);
        }
    }

    private void skip(int bytes) throws IOException {
        for (int left = bytes; left > 0; ) {
            int skipped = in.skipBytes(left);
            if (skipped <= 0) {
                throw new IOException("A class file ends too early");
            }
            left -= skipped;
        }
    }
}
