# frozen_string_literal: true

module DistributedTest
  # Which test classes, and which of their tests, a file brings: it may make classes, and may add to those that an earlier
  # file of its process has made.
  module RubyClasses
    module_function

    # Puts directories of the project first, as rake's test task does, before anything else is loaded.
    def put_on_load_path(*directories)
      there = directories.map { |each| File.expand_path(each) }.select { |each| File.directory?(each) }
      $LOAD_PATH.unshift(*there) unless $LOAD_PATH.first(there.size) == there
    end

    # Test files of the run that may be required by others of it, by absolute paths: each brings its tests itself.
    def suite=(paths)
      @suite = paths
    end

    # Loads a file, noting which classes it and what it requires open (make or reopen by `class`) in which files, and
    # which methods each had before.
    def load_file(path)
      noting(path) { load(path) }
    end

    # As rake's test task does it: what the file requires or has been required by is loaded once.
    def require_file(path)
      noting(path) { loaded?(path) || !path.end_with?('.rb') ? load(path) : require(path) }
    end

    # Whether a file was required already, by an earlier one.
    def loaded?(path)
      $LOADED_FEATURES.include?(path)
    end

    # Whether there may be tests of other files in this one.
    def others?
      !@others.empty?
    end

    # Whether a test of a class belongs to another file of the run, which this one requires. Where that is not sure it
    # belongs to this one as well: rather run twice than not at all.
    def of_other?(klass, name)
      return false if @others.empty?

      openers = @openers[klass] || written_in(klass)
      return false if (openers & @others).empty?
      return true if (openers - @others).empty?

      method = klass.instance_method(name)
      method.owner == klass ? @others.include?(method.source_location.to_a[0]) : method.owner.is_a?(Class)
    rescue NameError
      false
    end

    # The other file of the run that a test of a class belongs to; nil if it is this one's.
    def other_of(klass, name)
      return unless of_other?(klass, name)

      written = klass.instance_method(name).source_location.to_a[0]
      @others.include?(written) ? written : ((@openers[klass] || written_in(klass)) & @others).first
    end

    # The subclasses of a class that were opened while the last file was loaded.
    def opened(base)
      @before.keys.select { |each| each < base }
    end

    # Whether a method of instances of a class is there, or is as it is, since the last file was loaded.
    def new_in?(klass, name)
      method = klass.instance_method(name)
      !@before.fetch(klass, []).include?(method)
    rescue NameError
      false
    end

    # Whether a class is written in the file, or one of its methods is.
    def of_file?(klass, methods, path)
      return true if methods.any? { |name| defined_in?(klass, name, path) }

      klass.name && Object.respond_to?(:const_source_location) &&
        Object.const_source_location(klass.name).to_a[0] == path
    end

    # Whether a method of instances of the class is written in the file.
    def defined_in?(klass, name, path)
      klass.instance_method(name).source_location.to_a[0] == path
    rescue NameError
      false
    end

    def noting(path, &block)
      @before = {}
      @openers = {}
      @others = (@suite || []) - [path]
      TracePoint.new(:class) { |point| note(point.self, point.path) }.enable(&block)
    end

    # The files in which the tests of a class that nothing has opened (`Class.new`, `describe`) are written.
    def written_in(klass)
      klass.public_instance_methods(false).grep(/\Atest/).map { |name| klass.instance_method(name).source_location.to_a[0] }.uniq
    end

    def note(klass, path)
      return if !klass.is_a?(Class) || !test_class?(klass)

      (@openers[klass] ||= []) << path
      return if @before.key?(klass)

      @before[klass] = klass.public_instance_methods.map { |name| klass.instance_method(name) }
    end

    def test_class?(klass)
      defined?(Minitest::Runnable) && klass <= Minitest::Runnable ||
        defined?(Test::Unit::TestCase) && klass <= Test::Unit::TestCase
    end
  end
end
