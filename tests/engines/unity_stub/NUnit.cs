// As much of NUnit and of Unity's test framework as the package's tests use, and what runs them.
using System;
using System.Collections;
using System.Reflection;
using System.Threading;
using UnityStub;

namespace NUnit.Framework
{
    [AttributeUsage(AttributeTargets.Method)]
    public class TestAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Method)]
    public class SetUpAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Method)]
    public class TearDownAttribute : Attribute { }

    public class AssertionException : Exception
    {
        public AssertionException(string message) : base(message) { }
    }

    public static class Assert
    {
        public static void AreEqual(object expected, object actual)
        {
            if (!Equals(expected, actual)) throw new AssertionException("expected " + expected + ", was " + actual);
        }

        public static void AreEqual(double expected, double actual, double delta)
        {
            if (!(Math.Abs(expected - actual) <= delta)) throw new AssertionException("expected " + expected + ", was " + actual);
        }

        public static void IsTrue(bool condition)
        {
            if (!condition) throw new AssertionException("expected true");
        }

        public static void IsFalse(bool condition)
        {
            if (condition) throw new AssertionException("expected false");
        }

        public static void Less(double arg1, double arg2)
        {
            if (!(arg1 < arg2)) throw new AssertionException(arg1 + " is not less than " + arg2);
        }
    }
}

namespace UnityEngine.TestTools
{
    [AttributeUsage(AttributeTargets.Method)]
    public class UnityTestAttribute : Attribute { }
}

namespace UnityStub
{
    using NUnit.Framework;
    using UnityEngine.TestTools;

    public static class Runner
    {
        /// Runs every test of an assembly; one line each to the output. A test of several frames gets 60 a second.
        public static int Run(Assembly assembly)
        {
            int failed = 0;
            foreach (Type type in assembly.GetTypes())
                foreach (MethodInfo method in type.GetMethods())
                    if (method.IsDefined(typeof(TestAttribute)) || method.IsDefined(typeof(UnityTestAttribute)))
                        failed += RunOne(type, method);
            return failed;
        }

        private static int RunOne(Type type, MethodInfo method)
        {
            object fixture = Activator.CreateInstance(type);
            try
            {
                CallAll(fixture, typeof(SetUpAttribute));
                if (method.Invoke(fixture, null) is IEnumerator frames)
                    while (frames.MoveNext())
                    {
                        Engine.Frame(1 / 60f);
                        Thread.Sleep(16);
                    }
                CallAll(fixture, typeof(TearDownAttribute));
                Console.WriteLine("passed " + type.Name + "." + method.Name);
                return 0;
            }
            catch (Exception error)
            {
                Console.WriteLine("FAILED " + type.Name + "." + method.Name + ": " + (error.InnerException ?? error));
                return 1;
            }
        }

        private static void CallAll(object fixture, Type attribute)
        {
            foreach (MethodInfo method in fixture.GetType().GetMethods())
                if (method.IsDefined(attribute)) method.Invoke(fixture, null);
        }
    }
}
